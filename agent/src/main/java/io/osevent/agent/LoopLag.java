package io.osevent.agent;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicLong;

/** How late an event loop is: a timer tells by its own lateness. */
final class LoopLag {

    private static final long PERIOD_MILLIS = 50;

    private final Vertx vertx;
    private final AtomicLong worstNanos = new AtomicLong();
    private volatile long lastNanos;
    private long expectedNanos;

    private LoopLag(Vertx vertx) {
        this.vertx = vertx;
    }

    static LoopLag of(Vertx vertx, Context context) {
        LoopLag lag = new LoopLag(vertx);
        context.runOnContext(ignored -> lag.arm());
        return lag;
    }

    double seconds() {
        return lastNanos / 1e9;
    }

    /** Returns the worst since the last time it was asked. */
    double takeWorstMillis() {
        return worstNanos.getAndSet(0) / 1e6;
    }

    private void arm() {
        expectedNanos = System.nanoTime() + PERIOD_MILLIS * 1_000_000;
        vertx.setTimer(PERIOD_MILLIS, ignored -> {
            lastNanos = Math.max(0, System.nanoTime() - expectedNanos);
            worstNanos.accumulateAndGet(lastNanos, Math::max);
            arm();
        });
    }
}
