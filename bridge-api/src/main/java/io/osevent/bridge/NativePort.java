package io.osevent.bridge;

/**
 * The kernel, as far as the core needs it: epoll sets and one-shot timers behind file descriptors.
 *
 * <p>Results follow the kernel's own convention: a value that is not negative, or {@code -errno}. No method throws for
 * an error of the operating system, allocates on its success path, or blocks, but for {@link #await} with a time-out.
 * All methods may be called from any thread and from inside a callback.
 */
public interface NativePort {
    /** {@code EPOLL_CTL_ADD} of {@code epoll_ctl(2)}. */
    int CTL_ADD = 1;

    /** {@code EPOLL_CTL_DEL} of {@code epoll_ctl(2)}. */
    int CTL_DEL = 2;

    /** {@code EPOLL_CTL_MOD} of {@code epoll_ctl(2)}. */
    int CTL_MOD = 3;

    /** {@code EPOLLONESHOT} of {@code epoll_ctl(2)}; alone in a mask it stands for "paused". */
    int ONESHOT = 1 << 30;

    /**
     * {@code epoll_create1(EPOLL_CLOEXEC)}.
     *
     * @return the set's file descriptor, or {@code -errno}
     */
    int createSet();

    /**
     * {@code epoll_ctl(2)}.
     *
     * @param set the set's file descriptor
     * @param operation {@link #CTL_ADD}, {@link #CTL_DEL} or {@link #CTL_MOD}
     * @param fd the file descriptor that the operation is about
     * @param events bits of {@link Interest}, or {@link #ONESHOT}
     * @param tag what {@link #await} reports for this file descriptor; ignored by {@link #CTL_DEL}
     * @return 0, or {@code -errno}
     */
    int control(int set, int operation, int fd, int events, long tag);

    /**
     * {@code epoll_wait(2)}; an interrupted wait (EINTR) counts as one that found nothing.
     *
     * @param set the set's file descriptor
     * @param harvest receives what is ready; its earlier content is replaced
     * @param max how many to take at most, 1 to {@link Harvest#capacity()}
     * @param timeoutMillis how long to wait in milliseconds: 0 does not wait, -1 waits without a bound
     * @return how many the harvest holds now, or {@code -errno}
     */
    int await(int set, Harvest harvest, int max, int timeoutMillis);

    /**
     * Makes room for what {@link #await} reports, in this port's layout.
     *
     * @param capacity how many events it holds, 1 or more
     * @return a harvest that may be used with this port only, by one thread at a time
     */
    Harvest newHarvest(int capacity);

    /**
     * {@code timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)}.
     *
     * @return the timer's file descriptor, or {@code -errno}
     */
    int createTimer();

    /**
     * {@code timerfd_settime(2)}: the timer's file descriptor becomes readable once, after the delay, and stays so until
     * the next call, which clears it.
     *
     * @param timer the timer's file descriptor
     * @param delayNanos nanoseconds from now, 1 or more; 0 disarms
     * @return 0, or {@code -errno}
     */
    int armTimer(int timer, long delayNanos);

    /**
     * {@code close(2)}, not repeated after EINTR: on Linux the descriptor is gone by then.
     *
     * @param fd the file descriptor
     * @return 0, or {@code -errno}
     */
    int close(int fd);

    /**
     * The clock of every deadline in the core.
     *
     * @return nanoseconds of a monotonic clock with an arbitrary origin
     */
    default long nanoTime() {
        return System.nanoTime();
    }

    /**
     * The wall clock, in which libxl states its deadlines ({@code gettimeofday(2)}).
     *
     * @return microseconds since the epoch
     */
    default long wallClockMicros() {
        var now = java.time.Instant.now();
        return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000L), now.getNano() / 1_000);
    }
}
