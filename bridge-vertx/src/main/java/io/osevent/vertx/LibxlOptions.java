package io.osevent.vertx;

import io.osevent.libxl.HookObserver;
import io.osevent.shim.Seam;
import java.time.Duration;
import java.util.Objects;

/** How a libxl context is opened. */
public final class LibxlOptions {
    /** How long a close may take unless the options say otherwise. */
    public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private String name = "";
    private Duration closeTimeout = CLOSE_TIMEOUT;
    private HookObserver observer = HookObserver.NONE;
    private Seam seam;

    /** The defaults. */
    public LibxlOptions() {}

    /**
     * Names the context in messages, in the log and in its thread's name.
     *
     * @param value the name; empty for a number
     * @return this
     */
    public LibxlOptions setName(String value) {
        name = Objects.requireNonNull(value);
        return this;
    }

    /**
     * The name.
     *
     * @return empty for a number
     */
    public String getName() {
        return name;
    }

    /**
     * Sets how long a close may take in all. After that the context is leaked and reported, for it cannot be freed while
     * anything goes on in it.
     *
     * @param value one millisecond or more
     * @return this
     */
    public LibxlOptions setCloseTimeout(Duration value) {
        if (value.toMillis() < 1 || value.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("closeTimeout must be between 1 ms and 24 days, not " + value);
        }
        closeTimeout = value;
        return this;
    }

    /**
     * How long a close may take.
     *
     * @return the bound
     */
    public Duration getCloseTimeout() {
        return closeTimeout;
    }

    /**
     * Sets who sees every hook and call-in, for hunting bugs.
     *
     * @param value the observer, which is called inside libxl
     * @return this
     */
    public LibxlOptions setObserver(HookObserver value) {
        observer = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Who sees every hook.
     *
     * @return the observer
     */
    public HookObserver getObserver() {
        return observer;
    }

    /**
     * Sets how native calls are made. Contexts with different seams do not share an event set.
     *
     * @param value the seam; null for the best one
     * @return this
     */
    public LibxlOptions setSeam(Seam value) {
        seam = value;
        return this;
    }

    /**
     * How native calls are made.
     *
     * @return null for the best seam
     */
    public Seam getSeam() {
        return seam;
    }
}
