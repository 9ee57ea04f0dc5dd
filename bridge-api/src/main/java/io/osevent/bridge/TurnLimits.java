package io.osevent.bridge;

/**
 * How much one turn does before it lets the loop's other work run.
 *
 * @param callbacks callbacks of ready fds after which no further harvest is made, 1 or more
 * @param nanos nanoseconds after which no further harvest is made, 1 or more; looked at between batches of harvests,
 *     which grow with the pace of the callbacks
 * @param harvest events to ask the kernel for at first, 1 or more; later harvests are as large as the pace of the
 *     callbacks allows, since a harvest is always served whole
 * @param timeouts due timeouts to serve in a turn, 1 or more
 * @param finalizers finalizers to run in a turn, 1 or more
 * @param slowNanos nanoseconds from which on a callback is reported as slow, 1 or more
 * @param finalizerNanos nanoseconds that a finalizer waits for others before it is due, 0 or more; a wake-up of a sleeping
 *     loop costs whoever removes a registration several times what the removal itself does
 */
public record TurnLimits(
        int callbacks, long nanos, int harvest, int timeouts, int finalizers, long slowNanos, long finalizerNanos) {
    /** What suits an event loop that serves sockets beside the foreign library. */
    public static final TurnLimits DEFAULT = new TurnLimits(128, 200_000, 8, 64, 64, 10_000_000);

    /**
     * Refuses limits with which a turn could do nothing.
     *
     * @param callbacks see above
     * @param nanos see above
     * @param harvest see above
     * @param timeouts see above
     * @param finalizers see above
     * @param slowNanos see above
     * @param finalizerNanos see above
     */
    public TurnLimits {
        if (Math.min(Math.min(callbacks, harvest), Math.min(timeouts, finalizers)) < 1
                || Math.min(nanos, slowNanos) < 1) {
            throw new IllegalArgumentException("every limit of a turn must be 1 or more");
        }
        if (finalizerNanos < 0) {
            throw new IllegalArgumentException("a finalizer cannot be due before it is queued");
        }
    }

    /**
     * Limits with finalizers that are due at once.
     *
     * @param callbacks see above
     * @param nanos see above
     * @param harvest see above
     * @param timeouts see above
     * @param finalizers see above
     * @param slowNanos see above
     */
    public TurnLimits(int callbacks, long nanos, int harvest, int timeouts, int finalizers, long slowNanos) {
        this(callbacks, nanos, harvest, timeouts, finalizers, slowNanos, 0);
    }

    /**
     * The same limits, with finalizers that wait for others.
     *
     * @param delayNanos nanoseconds from the first one's queueing on, 0 or more
     * @return new limits
     */
    public TurnLimits withFinalizersAfter(long delayNanos) {
        return new TurnLimits(callbacks, nanos, harvest, timeouts, finalizers, slowNanos, delayNanos);
    }
}
