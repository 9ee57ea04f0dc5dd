package io.osevent.it.agent;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Waits with a bound and a name. */
final class Waits {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final long PAUSE_NANOS = 10_000_000;

    private Waits() {}

    static void until(String what, Callable<Boolean> question) throws Exception {
        long start = System.nanoTime();
        while (!question.call()) {
            if (System.nanoTime() - start > BOUND.toNanos()) {
                throw new TimeoutException("not within " + BOUND + ": " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
