package io.osevent.bridge;

/**
 * The timer of an event set: readable when a turn is due by time. It is programmed for one minimum, under the set's
 * lock, by whoever changes that minimum, and never read: programming it anew clears it.
 *
 * <p>A timer that has fired stays readable, so while the minimum stays what it was nothing needs to be written; that is
 * how a set that always has something to do ("now") costs no system call in each turn.
 */
final class Alarm {
    /** A minimum that says: a turn is due at once. */
    static final long NOW = Long.MIN_VALUE;

    /** A minimum that says: no turn is due by time. */
    static final long NEVER = Long.MAX_VALUE;

    private final NativePort port;
    private final int timer;

    Alarm(NativePort port, int timer) {
        this.port = port;
        this.timer = timer;
    }

    /** Programs the timer for a deadline of {@link NativePort#nanoTime}, {@link #NOW} or {@link #NEVER}. */
    void set(long minimum) {
        port.armTimer(timer, delay(minimum));
    }

    private long delay(long minimum) {
        if (minimum == NEVER) {
            return 0;
        }
        // 0 would disarm, so what is due already gets the shortest delay there is.
        return minimum == NOW ? 1 : Math.max(1, minimum - port.nanoTime());
    }
}
