package io.osevent.vertx.libvirt;

import java.util.Locale;

/** The state of a host whose connection comes back by itself. */
public enum HostState {
    /** A connection is being opened, or its domains are being listed. */
    CONNECTING,
    /** Events flow. */
    UP,
    /** The connection stands, but the host answers late or not at all. */
    DEGRADED,
    /** The connection was lost or could not be made. */
    DOWN,
    /** Waiting before the next attempt. */
    BACKING_OFF,
    /** Closed for good, by this side. */
    CLOSED;

    /**
     * Returns the name used in JSON.
     *
     * @return the name in lower case with hyphens
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Says whether calls can be made.
     *
     * @return true if a connection stands
     */
    public boolean isConnected() {
        return this == UP || this == DEGRADED;
    }
}
