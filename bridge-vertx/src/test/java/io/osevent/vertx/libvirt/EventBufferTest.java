package io.osevent.vertx.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventBufferTest {

    @Test
    void dropsTheOldestAndCounts() {
        EventBuffer buffer = new EventBuffer(2, OverflowPolicy.DROP_OLDEST);
        for (String type : List.of("DEFINED", "STARTED", "STOPPED")) {
            assertTrue(buffer.add(event("a", EventKind.LIFECYCLE, type)));
        }
        assertEquals(List.of("a STARTED", "a STOPPED"), drain(buffer));
        assertEquals(1, buffer.dropped());
    }

    @Test
    void coalescesPerDomainAndKind() {
        EventBuffer buffer = new EventBuffer(10, OverflowPolicy.COALESCE);
        buffer.add(event("a", EventKind.LIFECYCLE, "STARTED"));
        buffer.add(event("b", EventKind.LIFECYCLE, "STARTED"));
        buffer.add(event("a", EventKind.REBOOT, "REBOOTED"));
        buffer.add(event("a", EventKind.LIFECYCLE, "STOPPED"));
        assertEquals(List.of("b STARTED", "a REBOOTED", "a STOPPED"), drain(buffer));
        assertEquals(1, buffer.coalesced());
        assertEquals(0, buffer.dropped());
    }

    @Test
    void coalescingIsStillBounded() {
        EventBuffer buffer = new EventBuffer(2, OverflowPolicy.COALESCE);
        for (String name : List.of("a", "b", "c")) {
            buffer.add(event(name, EventKind.LIFECYCLE, "STARTED"));
        }
        assertEquals(List.of("b STARTED", "c STARTED"), drain(buffer));
        assertEquals(1, buffer.dropped());
    }

    @Test
    void refusesWhenItIsToFail() {
        EventBuffer buffer = new EventBuffer(1, OverflowPolicy.FAIL);
        assertTrue(buffer.add(event("a", EventKind.LIFECYCLE, "STARTED")));
        assertFalse(buffer.add(event("a", EventKind.LIFECYCLE, "STOPPED")));
    }

    static LibvirtEvent event(String name, EventKind kind, String type) {
        return LibvirtEvent.now(kind, name, name, type, "", Map.of());
    }

    private static List<String> drain(EventBuffer buffer) {
        List<String> all = new ArrayList<>();
        for (LibvirtEvent event = buffer.poll(); event != null; event = buffer.poll()) {
            all.add(event.name() + " " + event.type());
        }
        return all;
    }
}
