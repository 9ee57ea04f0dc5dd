package io.osevent.vertx.libvirt;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Capped exponential back-off; the jitter keeps many agents from coming back in step. */
final class Backoff {

    private final long firstMillis;
    private final long capMillis;
    private final DoubleSupplier random;
    private int attempts;

    Backoff(Duration first, Duration cap, DoubleSupplier random) {
        this.firstMillis = Math.max(1, first.toMillis());
        this.capMillis = Math.max(firstMillis, cap.toMillis());
        this.random = random;
    }

    /** Returns the next delay: between half of the full one and the full one. */
    long nextMillis() {
        long full = attempts >= 40 ? capMillis : Math.min(capMillis, firstMillis << Math.min(attempts, 20));
        attempts++;
        return Math.max(1, full / 2 + (long) (random.getAsDouble() * (full - full / 2)));
    }

    void reset() {
        attempts = 0;
    }

    int attempts() {
        return attempts;
    }
}
