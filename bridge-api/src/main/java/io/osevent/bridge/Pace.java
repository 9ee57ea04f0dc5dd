package io.osevent.bridge;

/**
 * How many events to ask the kernel for at a time. A harvest is always served whole, so a large one holds the loop for
 * long if its callbacks are slow; a small one pays the system call for few callbacks if they are fast. So: as many as fit
 * into the rest of the turn at the pace of the last callbacks, and at most twice as many as the time before, because the
 * next ones may be slower. Loop only.
 */
final class Pace {
    /** Where the cost of the system call no longer shows. */
    private static final int MOST = 64;

    private final long turnNanos;
    private int ask;

    /**
     * A pace that nothing is known of.
     *
     * @param first how many events to ask for at first
     * @param turnNanos how long a turn may last
     */
    Pace(int first, long turnNanos) {
        this.ask = Math.min(first, MOST);
        this.turnNanos = turnNanos;
    }

    /** The largest number that {@link #ask} ever says. */
    static int most() {
        return MOST;
    }

    /** How many events to ask for now. */
    int ask() {
        return ask;
    }

    /**
     * Learns from a harvest.
     *
     * @param served how many events it had
     * @param took nanoseconds that it took to serve them
     * @param left nanoseconds that are left of the turn; 0 or less if the next harvest is another turn's
     */
    void learn(int served, long took, long left) {
        // A turn without a bound has more nanoseconds than can be multiplied.
        long nanos = Math.min(left > 0 ? left : turnNanos, Long.MAX_VALUE / MOST);
        long fit = nanos * served / Math.max(1, took);
        ask = (int) Math.max(1, Math.min(fit, Math.min(2L * ask, MOST)));
    }
}
