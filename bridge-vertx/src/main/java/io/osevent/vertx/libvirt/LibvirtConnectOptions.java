package io.osevent.vertx.libvirt;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** How to open a connection. */
public final class LibvirtConnectOptions {

    private final String uri;
    private boolean readOnly;
    private int keepAliveInterval = 5;
    private int keepAliveCount = 3;
    private int workers = 1;
    private Duration callTimeout = Duration.ofSeconds(30);
    private Set<EventKind> eventKinds = EnumSet.allOf(EventKind.class);

    /**
     * Creates options for a URI.
     *
     * @param uri libvirt's connection URI, such as {@code qemu:///system}
     */
    public LibvirtConnectOptions(String uri) {
        this.uri = Objects.requireNonNull(uri, "uri");
    }

    /**
     * Returns the URI.
     *
     * @return the URI
     */
    public String getUri() {
        return uri;
    }

    /**
     * Says whether the connection is read-only.
     *
     * @return true if libvirt refuses changes on it
     */
    public boolean isReadOnly() {
        return readOnly;
    }

    /**
     * Makes the connection read-only or not.
     *
     * @param value true for read-only; the default is false
     * @return this
     */
    public LibvirtConnectOptions setReadOnly(boolean value) {
        this.readOnly = value;
        return this;
    }

    /**
     * Returns the seconds of silence after which the daemon is asked for a sign of life.
     *
     * @return the seconds, 0 if never
     */
    public int getKeepAliveInterval() {
        return keepAliveInterval;
    }

    /**
     * Returns the unanswered questions after which the connection is closed.
     *
     * @return the number
     */
    public int getKeepAliveCount() {
        return keepAliveCount;
    }

    /**
     * Sets keepalive; drivers inside the process have none and ignore it.
     *
     * @param intervalSeconds the seconds of silence, 0 for no keepalive; the default is 5
     * @param count the unanswered questions; the default is 3
     * @return this
     */
    public LibvirtConnectOptions setKeepAlive(int intervalSeconds, int count) {
        if (intervalSeconds < 0 || count < 0) {
            throw new IllegalArgumentException("keepalive must not be negative: " + intervalSeconds + ", " + count);
        }
        this.keepAliveInterval = intervalSeconds;
        this.keepAliveCount = count;
        return this;
    }

    /**
     * Returns the number of worker threads.
     *
     * @return the number
     */
    public int getWorkers() {
        return workers;
    }

    /**
     * Sets the number of worker threads of this connection. With one, the default, calls run in the order in which
     * they were made; with more, they overlap.
     *
     * @param value at least 1
     * @return this
     */
    public LibvirtConnectOptions setWorkers(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("at least one worker is needed: " + value);
        }
        this.workers = value;
        return this;
    }

    /**
     * Returns the bound on each call.
     *
     * @return the bound
     */
    public Duration getCallTimeout() {
        return callTimeout;
    }

    /**
     * Sets the bound after which a call's future fails with {@link LibvirtFailure.Kind#TIMEOUT}.
     *
     * @param value the bound; the default is 30 s
     * @return this
     */
    public LibvirtConnectOptions setCallTimeout(Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException("the bound on a call must be at least 1 ms: " + value);
        }
        this.callTimeout = value;
        return this;
    }

    /**
     * Returns the kinds of events to register for.
     *
     * @return the kinds
     */
    public Set<EventKind> getEventKinds() {
        return eventKinds;
    }

    /**
     * Sets the kinds of events to register for.
     *
     * @param value the kinds; the default is all
     * @return this
     */
    public LibvirtConnectOptions setEventKinds(Set<EventKind> value) {
        this.eventKinds = Set.copyOf(value);
        return this;
    }
}
