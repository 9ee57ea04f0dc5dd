package io.osevent.vertx.libvirt;

import java.time.Duration;
import java.util.Objects;

/** How events are handed to one listener. */
public final class EventStreamOptions {

    private int capacity = 4096;
    private OverflowPolicy policy = OverflowPolicy.DROP_OLDEST;
    private boolean worker;
    private Duration slowListener = Duration.ofMillis(50);

    /** Creates options with the defaults. */
    public EventStreamOptions() {}

    /**
     * Returns the events that may wait.
     *
     * @return the number
     */
    public int getCapacity() {
        return capacity;
    }

    /**
     * Sets the events that may wait.
     *
     * @param value at least 1; the default is 4096
     * @return this
     */
    public EventStreamOptions setCapacity(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("the buffer must hold at least one event: " + value);
        }
        this.capacity = value;
        return this;
    }

    /**
     * Returns what a full buffer does.
     *
     * @return the policy
     */
    public OverflowPolicy getPolicy() {
        return policy;
    }

    /**
     * Sets what a full buffer does.
     *
     * @param value the policy; the default is {@link OverflowPolicy#DROP_OLDEST}
     * @return this
     */
    public EventStreamOptions setPolicy(OverflowPolicy value) {
        this.policy = Objects.requireNonNull(value, "policy");
        return this;
    }

    /**
     * Says whether the listener runs on a worker.
     *
     * @return true if on a worker
     */
    public boolean isWorker() {
        return worker;
    }

    /**
     * Delivers on one ordered worker instead of the event loop, for listeners that block, such as those that make
     * calls with libvirt-java themselves.
     *
     * @param value true for a worker; the default is false
     * @return this
     */
    public EventStreamOptions setWorker(boolean value) {
        this.worker = value;
        return this;
    }

    /**
     * Returns the time after which a listener is named in a warning.
     *
     * @return the time
     */
    public Duration getSlowListener() {
        return slowListener;
    }

    /**
     * Sets the time after which a listener is named in a warning.
     *
     * @param value the time for one event; the default is 50 ms
     * @return this
     */
    public EventStreamOptions setSlowListener(Duration value) {
        this.slowListener = Objects.requireNonNull(value, "slowListener");
        return this;
    }
}
