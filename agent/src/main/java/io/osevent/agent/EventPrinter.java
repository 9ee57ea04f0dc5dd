package io.osevent.agent;

import io.osevent.vertx.libvirt.HostStatus;
import io.osevent.vertx.libvirt.LibvirtEvent;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Prints each event as one line. */
final class EventPrinter {

    private final PrintStream out;
    private final Map<String, String> lastTrouble = new HashMap<>();

    EventPrinter(PrintStream out) {
        this.out = out;
    }

    void event(String host, LibvirtEvent event) {
        StringBuilder line = new StringBuilder(120)
                .append(event.time())
                .append("  ")
                .append(host)
                .append("  ")
                .append(event.kind().id())
                .append("  ")
                .append(event.name())
                .append("  ")
                .append(event.type());
        if (!event.detail().isEmpty()) {
            line.append(' ').append(event.detail());
        }
        for (Map.Entry<String, String> attribute : new TreeMap<>(event.attributes()).entrySet()) {
            line.append("  ").append(attribute.getKey()).append('=').append(attribute.getValue());
        }
        if (event.synthetic()) {
            line.append("  (synthetic)");
        }
        out.println(clean(line));
    }

    /** Prints what a human wants to know: up, degraded, down for a new reason; not each attempt. */
    void status(String host, HostStatus status) {
        boolean worthALine = switch (status.state()) {
            case UP, DEGRADED -> {
                lastTrouble.remove(host);
                yield true;
            }
            case DOWN -> !status.reason().equals(lastTrouble.put(host, status.reason()));
            case CONNECTING, BACKING_OFF, CLOSED -> false;
        };
        if (!worthALine) {
            return;
        }
        String reason = status.reason().isEmpty() ? "" : "  " + status.reason();
        out.println(clean(new StringBuilder(
                status.since() + "  " + host + "  host  " + status.state().id() + reason)));
    }

    /** A guest's name comes from outside: it must not break the line, nor steer the terminal. */
    private static CharSequence clean(StringBuilder line) {
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i))) {
                line.setCharAt(i, '?');
            }
        }
        return line;
    }
}
