package io.osevent.it.libvirt;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Asks an event loop again and again for a sign of life, from a thread of its own, and keeps how long each took. */
final class RoundTrips implements AutoCloseable {
    private static final long PAUSE_NANOS = 2_000_000;

    private final Context context;
    private final Duration bound;
    private final CompletableFuture<List<Long>> done = new CompletableFuture<>();
    private volatile boolean stopped;

    private RoundTrips(Context context, Duration bound) {
        this.context = context;
        this.bound = bound;
    }

    /**
     * @param bound how long one round trip may take
     */
    static RoundTrips start(Context context, Duration bound) {
        RoundTrips trips = new RoundTrips(context, bound);
        Thread thread = new Thread(trips::run, "round trips");
        thread.setDaemon(true);
        thread.start();
        return trips;
    }

    private void run() {
        List<Long> nanos = new ArrayList<>();
        try {
            while (!stopped) {
                long start = System.nanoTime();
                CountDownLatch back = new CountDownLatch(1);
                context.runOnContext(nothing -> back.countDown());
                if (!back.await(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new TimeoutException("the event loop did not answer within " + bound);
                }
                nanos.add(System.nanoTime() - start);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            done.complete(nanos);
        } catch (Throwable e) {
            done.completeExceptionally(e);
        }
    }

    /** Ends, and fails if a round trip did not come back in time; says how long they took. */
    String stop() throws Exception {
        stopped = true;
        List<Long> nanos = done.get(2 * bound.toMillis(), TimeUnit.MILLISECONDS);
        Collections.sort(nanos);
        return "%d round trips, median %.2f ms, p99 %.2f ms, longest %.1f ms"
                .formatted(nanos.size(), at(nanos, 50), at(nanos, 99), at(nanos, 100));
    }

    private static double at(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) * percent / 100) / 1e6;
    }

    @Override
    public void close() {
        stopped = true;
    }
}
