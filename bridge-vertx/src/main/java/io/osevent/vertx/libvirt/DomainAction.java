package io.osevent.vertx.libvirt;

import java.util.Locale;
import java.util.Optional;

/** A life-cycle action on a domain. */
public enum DomainAction {
    /** Starts a defined domain. */
    START,
    /** Asks the guest to shut down. */
    SHUTDOWN,
    /** Powers the domain off at once. */
    DESTROY,
    /** Pauses the guest's processors. */
    SUSPEND,
    /** Lets a paused guest go on. */
    RESUME,
    /** Asks the guest to reboot. */
    REBOOT;

    /**
     * Finds an action by the name used in URLs.
     *
     * @param name the name in lower case
     * @return the action, or empty
     */
    public static Optional<DomainAction> named(String name) {
        for (DomainAction action : values()) {
            if (action.id().equals(name)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the name used in URLs.
     *
     * @return the name in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isPossibleIn(DomainState state) {
        return switch (this) {
            case START -> !state.isActive();
            case SHUTDOWN, DESTROY, REBOOT -> state.isActive();
            case SUSPEND -> state == DomainState.RUNNING || state == DomainState.BLOCKED;
            case RESUME -> state == DomainState.PAUSED;
        };
    }

    int apply(long domain) {
        return switch (this) {
            case START -> VirtApi.virDomainCreate(domain);
            case SHUTDOWN -> VirtApi.virDomainShutdown(domain);
            case DESTROY -> VirtApi.virDomainDestroy(domain);
            case SUSPEND -> VirtApi.virDomainSuspend(domain);
            case RESUME -> VirtApi.virDomainResume(domain);
            case REBOOT -> VirtApi.virDomainReboot(domain, 0);
        };
    }
}
