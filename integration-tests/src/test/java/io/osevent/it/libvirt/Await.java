package io.osevent.it.libvirt;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Polls for what the kernel or another process does and tells nobody about. */
final class Await {
    private static final long PAUSE_NANOS = 2_000_000;

    /** Something to be asked again and again. */
    @FunctionalInterface
    interface Question {
        boolean answeredYes() throws Exception;
    }

    private Await() {}

    /**
     * @param what named in the exception
     * @param bound how long to go on asking
     * @throws TimeoutException if the bound has passed
     */
    static void until(String what, Duration bound, Question question) throws Exception {
        long start = System.nanoTime();
        while (!question.answeredYes()) {
            if (System.nanoTime() - start > bound.toNanos()) {
                throw new TimeoutException("not within " + bound + ": " + what);
            }
            pause();
        }
    }

    /**
     * Waits for what is under way elsewhere.
     *
     * @param what named in the exception
     * @throws TimeoutException if the bound has passed
     */
    static <T> T result(String what, Duration bound, Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new TimeoutException("not within " + bound + ": " + what);
        }
    }

    /** Lets a moment pass before asking again. */
    static void pause() throws InterruptedException {
        LockSupport.parkNanos(PAUSE_NANOS);
        if (Thread.interrupted()) {
            throw new InterruptedException("while polling");
        }
    }
}
