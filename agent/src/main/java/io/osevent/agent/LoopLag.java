package io.osevent.agent;

import io.vertx.core.Vertx;

/** How late the event loop is: a timer tells by its own lateness. */
final class LoopLag {

    private static final long PERIOD_MILLIS = 50;

    private final Vertx vertx;
    private long expectedNanos;
    private volatile long lastNanos;
    private long worstNanos;

    LoopLag(Vertx vertx) {
        this.vertx = vertx;
        arm();
    }

    double seconds() {
        return lastNanos / 1e9;
    }

    /** Returns the worst since the last time it was asked, on the loop. */
    double takeWorstMillis() {
        double millis = worstNanos / 1e6;
        worstNanos = 0;
        return millis;
    }

    private void arm() {
        expectedNanos = System.nanoTime() + PERIOD_MILLIS * 1_000_000;
        vertx.setTimer(PERIOD_MILLIS, ignored -> {
            lastNanos = Math.max(0, System.nanoTime() - expectedNanos);
            worstNanos = Math.max(worstNanos, lastNanos);
            arm();
        });
    }
}
