package io.osevent.vertx.libvirt;

/** Why a connection ended by itself. */
public enum CloseReason {
    /** An I/O error. */
    ERROR,
    /** The daemon closed it: it was stopped or killed. */
    EOF,
    /** The daemon gave no sign of life. */
    KEEPALIVE,
    /** This side asked for it. */
    CLIENT,
    /** Newer than this list. */
    UNKNOWN;

    private static final CloseReason[] ALL = values();

    static CloseReason of(int value) {
        return value >= 0 && value < ALL.length ? ALL[value] : UNKNOWN;
    }
}
