package io.osevent.bridge;

import java.util.concurrent.TimeUnit;

/** Deadlines that a library gives on the wall clock, and the set keeps on the monotonic one. */
final class WallClock {
    /** A far deadline is clamped to this, which no sum overflows. */
    private static final long CENTURY_MICROS = TimeUnit.DAYS.toMicros(36_525);

    /** A deadline that has passed. */
    static final long PAST = Long.MIN_VALUE;

    private WallClock() {}

    /**
     * The time until a deadline.
     *
     * @param deadline microseconds since the epoch
     * @param now the wall clock, read before the monotonic clock to which the result is added: what passes between the
     *     two readings makes the deadline later, never earlier
     * @return nanoseconds; {@link #PAST} for a time in the past
     */
    static long nanosUntil(long deadline, long now) {
        if (deadline <= now) {
            return PAST;
        }
        boolean far = now < 0 || deadline - now > CENTURY_MICROS || deadline - now < 0;
        return TimeUnit.MICROSECONDS.toNanos(far ? CENTURY_MICROS : deadline - now);
    }
}
