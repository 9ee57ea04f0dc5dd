package io.osevent.bridge;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Orders real threads in tests; every wait has a bound and says what it waited for. */
public final class Gates {
    /** Longer than any machine needs for a step, shorter than any build's patience. */
    public static final long BOUND_MILLIS = 20_000;

    private Gates() {}

    /** Waits until a thread stands before a lock that somebody else holds. */
    public static void awaitBlocked(Thread thread) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BOUND_MILLIS);
        while (thread.getState() != Thread.State.BLOCKED) {
            if (System.nanoTime() - end > 0 || thread.getState() == Thread.State.TERMINATED) {
                throw new AssertionError(thread.getName() + " never stood before the lock; it is " + thread.getState());
            }
            Thread.onSpinWait();
        }
    }

    public static void join(Thread thread) {
        uninterruptibly(() -> thread.join(BOUND_MILLIS));
        if (thread.isAlive()) {
            throw new AssertionError(thread.getName() + " has not ended");
        }
    }

    public static void await(CountDownLatch gate, String name) {
        uninterruptibly(() -> {
            if (!gate.await(BOUND_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("waited in vain for: " + name);
            }
        });
    }

    private interface Wait {
        void run() throws InterruptedException;
    }

    private static void uninterruptibly(Wait wait) {
        try {
            wait.run();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }
}
