package io.osevent.it.faults;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Waits that have a bound and a name: whatever a fault does, the suite ends. */
final class Bounded {
    static final Duration BOUND = Duration.ofSeconds(30);

    private static final long PAUSE_NANOS = 2_000_000;

    private Bounded() {}

    static void until(String what, Callable<Boolean> question) throws Exception {
        until(what, BOUND, question);
    }

    static void until(String what, Duration bound, Callable<Boolean> question) throws Exception {
        if (!within(bound, question)) {
            throw new TimeoutException("not within " + bound.toSeconds() + " s: " + what);
        }
    }

    /** Asks again and again; false if the bound has passed. */
    static boolean within(Duration bound, Callable<Boolean> question) throws Exception {
        long start = System.nanoTime();
        while (!question.call()) {
            if (System.nanoTime() - start > bound.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    static <T> T get(String what, Future<T> future) throws Exception {
        return get(what, future.toCompletionStage());
    }

    static <T> T get(String what, CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new TimeoutException("not within " + BOUND.toSeconds() + " s: " + what);
        } catch (ExecutionException e) {
            throw new IllegalStateException(what + ": " + e.getCause(), e.getCause());
        }
    }

    static void join(String what, Iterable<Thread> threads) throws Exception {
        for (Thread thread : threads) {
            thread.join(BOUND.toMillis());
            if (thread.isAlive()) {
                throw new TimeoutException("not within " + BOUND.toSeconds() + " s: " + what);
            }
        }
    }
}
