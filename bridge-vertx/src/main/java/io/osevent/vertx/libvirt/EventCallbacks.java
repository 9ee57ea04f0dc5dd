package io.osevent.vertx.libvirt;

import com.sun.jna.Callback;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The C side of events: one callback per signature for the life of the process, told apart by the opaque value. A
 * callback that comes late, after its connection was closed, finds no sink and is dropped; nothing can be collected
 * under libvirt's feet.
 */
final class EventCallbacks {

    /** virConnectDomainEventCallback. */
    interface Lifecycle extends Callback {
        int event(long conn, long domain, int event, int detail, long opaque);
    }

    /** virConnectDomainEventGenericCallback. */
    interface Plain extends Callback {
        void event(long conn, long domain, long opaque);
    }

    /** The power management callbacks. */
    interface Reason extends Callback {
        void event(long conn, long domain, int reason, long opaque);
    }

    /** virConnectDomainEventIOErrorCallback. */
    interface IoError extends Callback {
        void event(long conn, long domain, String path, String alias, int action, long opaque);
    }

    /** virConnectDomainEventBlockJobCallback. */
    interface BlockJob extends Callback {
        void event(long conn, long domain, String disk, int type, int status, long opaque);
    }

    /** virConnectDomainEventAgentLifecycleCallback. */
    interface Agent extends Callback {
        void event(long conn, long domain, int state, int reason, long opaque);
    }

    /** virConnectCloseFunc. */
    interface Close extends Callback {
        void closed(long conn, int reason, long opaque);
    }

    private static final Logger LOG = System.getLogger(EventCallbacks.class.getName());
    private static final String[] IO_ACTIONS = {"NONE", "PAUSE", "REPORT"};
    private static final String[] JOB_TYPES = {"UNKNOWN", "PULL", "COPY", "COMMIT", "ACTIVE_COMMIT", "BACKUP"};
    private static final String[] JOB_STATES = {"COMPLETED", "FAILED", "CANCELED", "READY"};
    private static final String[] AGENT_STATES = {"UNKNOWN", "CONNECTED", "DISCONNECTED"};
    private static final String[] AGENT_REASONS = {"UNKNOWN", "DOMAIN_STARTED", "CHANNEL"};

    private static final AtomicLong KEYS = new AtomicLong();
    private static final Map<Long, Consumer<LibvirtEvent>> EVENT_SINKS = new ConcurrentHashMap<>();
    private static final Map<Long, IntConsumer> CLOSE_SINKS = new ConcurrentHashMap<>();

    private static final Lifecycle LIFECYCLE = (conn, domain, event, detail, opaque) -> {
        LifecycleType type = LifecycleType.of(event);
        emit(opaque, domain, EventKind.LIFECYCLE, type.name(), type.detail(detail), Map.of());
        return 0;
    };
    private static final Plain REBOOT =
            (conn, domain, opaque) -> emit(opaque, domain, EventKind.REBOOT, "REBOOTED", "", Map.of());
    private static final Reason PM_WAKEUP = (conn, domain, reason, opaque) ->
            emit(opaque, domain, EventKind.PM_WAKEUP, "WAKEUP", "REASON_" + reason, Map.of());
    private static final Reason PM_SUSPEND = (conn, domain, reason, opaque) ->
            emit(opaque, domain, EventKind.PM_SUSPEND, "SUSPENDED", "REASON_" + reason, Map.of());
    private static final IoError IO_ERROR = (conn, domain, path, alias, action, opaque) -> emit(
            opaque,
            domain,
            EventKind.IO_ERROR,
            "IO_ERROR",
            word(IO_ACTIONS, action),
            Map.of("path", text(path), "device", text(alias)));
    private static final BlockJob BLOCK_JOB = (conn, domain, disk, type, status, opaque) -> emit(
            opaque,
            domain,
            EventKind.BLOCK_JOB,
            word(JOB_TYPES, type),
            word(JOB_STATES, status),
            Map.of("disk", text(disk)));
    private static final Agent AGENT = (conn, domain, state, reason, opaque) -> emit(
            opaque,
            domain,
            EventKind.AGENT_LIFECYCLE,
            word(AGENT_STATES, state),
            word(AGENT_REASONS, reason),
            Map.of());
    private static final Close CLOSE = (conn, reason, opaque) -> {
        IntConsumer sink = CLOSE_SINKS.remove(opaque);
        if (sink != null) {
            sink.accept(reason);
        }
    };

    static {
        // Loads what the first event needs: it would otherwise be loaded on the event loop, inside libvirt's callback.
        LibvirtEvent.now(EventKind.LIFECYCLE, "", "", LifecycleType.of(0).detail(0), "", Map.of());
    }

    private EventCallbacks() {}

    static Callback callback(EventKind kind) {
        return switch (kind) {
            case LIFECYCLE -> LIFECYCLE;
            case REBOOT -> REBOOT;
            case PM_WAKEUP -> PM_WAKEUP;
            case PM_SUSPEND -> PM_SUSPEND;
            case IO_ERROR -> IO_ERROR;
            case BLOCK_JOB -> BLOCK_JOB;
            case AGENT_LIFECYCLE -> AGENT;
        };
    }

    static Callback closeCallback() {
        return CLOSE;
    }

    static long open(Consumer<LibvirtEvent> events, IntConsumer closed) {
        long key = KEYS.incrementAndGet();
        EVENT_SINKS.put(key, events);
        CLOSE_SINKS.put(key, closed);
        return key;
    }

    static void close(long key) {
        EVENT_SINKS.remove(key);
        CLOSE_SINKS.remove(key);
    }

    private static void emit(
            long key, long domain, EventKind kind, String type, String detail, Map<String, String> attributes) {
        Consumer<LibvirtEvent> sink = EVENT_SINKS.get(key);
        if (sink == null) {
            return;
        }
        try {
            // Both are read from the handle; neither is a call to the daemon.
            String uuid = text(VirtApi.uuidOf(domain));
            sink.accept(LibvirtEvent.now(kind, uuid, VirtApi.nameOf(domain), type, detail, attributes));
        } catch (RuntimeException | java.lang.Error e) {
            // An exception must not travel into C.
            LOG.log(Level.ERROR, "A libvirt event of kind " + kind.id() + " could not be passed on", e);
        }
    }

    private static String word(String[] words, int index) {
        return index >= 0 && index < words.length ? words[index] : "VALUE_" + index;
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
