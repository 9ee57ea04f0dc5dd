package io.osevent.vertx.libvirt;

import java.util.Locale;

/** The kinds of domain events, with libvirt's event numbers. */
public enum EventKind {
    /** Defined, started, suspended, resumed, stopped, ... */
    LIFECYCLE(0),
    /** The guest rebooted. */
    REBOOT(1),
    /** A disk reported an I/O error. */
    IO_ERROR(4),
    /** A block job changed its state. */
    BLOCK_JOB(16),
    /** The guest woke up from its own suspend. */
    PM_WAKEUP(11),
    /** The guest suspended itself to memory. */
    PM_SUSPEND(12),
    /** The agent inside the guest connected or disconnected. */
    AGENT_LIFECYCLE(18);

    private final int eventId;

    EventKind(int eventId) {
        this.eventId = eventId;
    }

    int eventId() {
        return eventId;
    }

    /**
     * Returns the name used in JSON and metrics.
     *
     * @return the name in lower case with hyphens
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
