package io.osevent.vertx.libvirt;

import java.util.List;

/** What happened to a domain, with libvirt's details by number. */
public enum LifecycleType {
    /** A definition was made or changed. */
    DEFINED("ADDED", "UPDATED", "RENAMED", "FROM_SNAPSHOT"),
    /** A definition was removed. */
    UNDEFINED("REMOVED", "RENAMED"),
    /** A guest was started. */
    STARTED("BOOTED", "MIGRATED", "RESTORED", "FROM_SNAPSHOT", "WAKEUP"),
    /** A guest was paused. */
    SUSPENDED(
            "PAUSED",
            "MIGRATED",
            "IOERROR",
            "WATCHDOG",
            "RESTORED",
            "FROM_SNAPSHOT",
            "API_ERROR",
            "POSTCOPY",
            "POSTCOPY_FAILED"),
    /** A paused guest goes on. */
    RESUMED("UNPAUSED", "MIGRATED", "FROM_SNAPSHOT", "POSTCOPY", "POSTCOPY_FAILED"),
    /** A guest is off. */
    STOPPED("SHUTDOWN", "DESTROYED", "CRASHED", "MIGRATED", "SAVED", "FAILED", "FROM_SNAPSHOT"),
    /** A guest has finished its shutdown, its process is still there. */
    SHUTDOWN("FINISHED", "GUEST", "HOST"),
    /** The guest suspended itself. */
    PMSUSPENDED("MEMORY", "DISK"),
    /** The guest panicked. */
    CRASHED("PANICKED", "CRASHLOADED"),
    /** Newer than this table. */
    UNKNOWN;

    private static final LifecycleType[] ALL = values();

    private final List<String> details;

    LifecycleType(String... details) {
        this.details = List.of(details);
    }

    static LifecycleType of(int value) {
        return value >= 0 && value < ALL.length ? ALL[value] : UNKNOWN;
    }

    String detail(int value) {
        return value >= 0 && value < details.size() ? details.get(value) : "DETAIL_" + value;
    }

    /**
     * Returns the state a domain is in after this.
     *
     * @param before the state before
     * @return the state after
     */
    public DomainState stateAfter(DomainState before) {
        return switch (this) {
            case STARTED, RESUMED -> DomainState.RUNNING;
            case SUSPENDED -> DomainState.PAUSED;
            case STOPPED -> DomainState.SHUTOFF;
            case SHUTDOWN -> DomainState.SHUTDOWN;
            case PMSUSPENDED -> DomainState.PMSUSPENDED;
            case CRASHED -> DomainState.CRASHED;
            case DEFINED, UNDEFINED, UNKNOWN -> before;
        };
    }

    /**
     * Returns what must have happened for a domain to be in a state now.
     *
     * @param before the state last known
     * @param now the state found
     * @return the type of the event that was missed
     */
    static LifecycleType between(DomainState before, DomainState now) {
        return switch (now) {
            case RUNNING, BLOCKED ->
                before == DomainState.PAUSED || before == DomainState.PMSUSPENDED ? RESUMED : STARTED;
            case PAUSED -> SUSPENDED;
            case SHUTOFF -> STOPPED;
            case SHUTDOWN -> SHUTDOWN;
            case CRASHED -> CRASHED;
            case PMSUSPENDED -> PMSUSPENDED;
            case NOSTATE -> UNKNOWN;
        };
    }
}
