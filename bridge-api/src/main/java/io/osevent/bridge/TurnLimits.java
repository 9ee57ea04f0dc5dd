package io.osevent.bridge;

/**
 * How much one turn does before it lets the loop's other work run.
 *
 * @param callbacks callbacks of ready fds after which no further harvest is made, 1 or more
 * @param nanos nanoseconds after which no further harvest is made, 1 or more; looked at between harvests
 * @param harvest events to ask the kernel for at first, 1 or more; later harvests are as large as the pace of the
 *     callbacks allows, since a harvest is always served whole
 * @param timeouts due timeouts to serve in a turn, 1 or more
 * @param finalizers finalizers to run in a turn, 1 or more
 * @param slowNanos nanoseconds from which on a callback is reported as slow, 1 or more
 */
public record TurnLimits(int callbacks, long nanos, int harvest, int timeouts, int finalizers, long slowNanos) {
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
     */
    public TurnLimits {
        if (Math.min(Math.min(callbacks, harvest), Math.min(timeouts, finalizers)) < 1
                || Math.min(nanos, slowNanos) < 1) {
            throw new IllegalArgumentException("every limit of a turn must be 1 or more");
        }
    }
}
