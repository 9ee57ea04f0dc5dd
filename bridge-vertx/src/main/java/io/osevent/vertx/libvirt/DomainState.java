package io.osevent.vertx.libvirt;

/** The state of a domain, in libvirt's order. */
public enum DomainState {
    /** Libvirt does not say. */
    NOSTATE,
    /** Running. */
    RUNNING,
    /** Blocked on a resource. */
    BLOCKED,
    /** Paused. */
    PAUSED,
    /** Being shut down. */
    SHUTDOWN,
    /** Not running. */
    SHUTOFF,
    /** Crashed. */
    CRASHED,
    /** Suspended by the guest's own power management. */
    PMSUSPENDED;

    private static final DomainState[] ALL = values();

    static DomainState of(int value) {
        return value >= 0 && value < ALL.length ? ALL[value] : NOSTATE;
    }

    /**
     * Says whether a guest in this state has a process of its own.
     *
     * @return false if shut off, crashed or unknown
     */
    public boolean isActive() {
        return this == RUNNING || this == BLOCKED || this == PAUSED || this == SHUTDOWN || this == PMSUSPENDED;
    }
}
