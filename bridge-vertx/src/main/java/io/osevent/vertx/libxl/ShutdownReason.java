package io.osevent.vertx.libxl;

import java.util.Locale;

/** Why a guest has stopped. */
public enum ShutdownReason {
    /** It has powered itself off. */
    POWEROFF,
    /** It wants to be started again. */
    REBOOT,
    /** It has been suspended. */
    SUSPEND,
    /** It has crashed. */
    CRASH,
    /** Its watchdog has run out. */
    WATCHDOG,
    /** It wants a soft reset. */
    SOFT_RESET,
    /** It has not stopped, or for a reason that libxl does not know. */
    UNKNOWN;

    /** By libxl's number, which is the hypervisor's. */
    static ShutdownReason of(int number) {
        return number >= 0 && number < UNKNOWN.ordinal() ? values()[number] : UNKNOWN;
    }

    /** By libxl's name. */
    static ShutdownReason of(String json) {
        for (ShutdownReason reason : values()) {
            if (reason.name().toLowerCase(Locale.ROOT).equals(json)) {
                return reason;
            }
        }
        return UNKNOWN;
    }
}
