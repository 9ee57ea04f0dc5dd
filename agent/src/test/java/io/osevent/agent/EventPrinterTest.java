package io.osevent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.osevent.vertx.libvirt.EventKind;
import io.osevent.vertx.libvirt.HostState;
import io.osevent.vertx.libvirt.HostStatus;
import io.osevent.vertx.libvirt.LibvirtEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventPrinterTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final EventPrinter printer = new EventPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    @Test
    void oneLineForEachEvent() {
        printer.event("lab", event("web", Map.of("path", "/a", "device", "vda")));
        assertEquals(
                List.of("2026-01-01T00:00:00Z  lab  lifecycle  web  STARTED BOOTED  device=vda  path=/a  (synthetic)"),
                lines());
    }

    @Test
    void aNameCannotBreakTheLineOrSteerTheTerminal() {
        printer.event("lab", event("evil\n\u001b[31mname", Map.of()));
        assertEquals(1, lines().size());
        assertFalse(lines().get(0).contains("\u001b"));
    }

    @Test
    void attemptsAreNotRepeated() {
        for (int i = 0; i < 3; i++) {
            printer.status("lab", status(HostState.CONNECTING, ""));
            printer.status("lab", status(HostState.DOWN, "refused"));
            printer.status("lab", status(HostState.BACKING_OFF, "refused"));
        }
        printer.status("lab", status(HostState.UP, ""));
        printer.status("lab", status(HostState.DOWN, "refused"));
        assertEquals(
                List.of(
                        "2026-01-01T00:00:00Z  lab  host  down  refused",
                        "2026-01-01T00:00:00Z  lab  host  up",
                        "2026-01-01T00:00:00Z  lab  host  down  refused"),
                lines());
    }

    private static LibvirtEvent event(String name, Map<String, String> attributes) {
        return new LibvirtEvent(
                EventKind.LIFECYCLE,
                "uuid",
                name,
                "STARTED",
                "BOOTED",
                attributes,
                Instant.parse("2026-01-01T00:00:00Z"),
                0,
                true);
    }

    private static HostStatus status(HostState state, String reason) {
        return new HostStatus(state, reason, Instant.parse("2026-01-01T00:00:00Z"));
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
