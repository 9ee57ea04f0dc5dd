package io.osevent.bridge;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who waits for a registration, or for all of them, to be finalized. Under the set's lock, but for what {@link #finalized}
 * returns: completing it runs the waiters' code, and is done after the lock.
 */
final class Waiters {
    private final Map<Registration, CompletableFuture<Void>> one = new IdentityHashMap<>();

    /** Waits for the moment when nothing is registered; null while nobody waits. */
    private CompletableFuture<Void> all;

    CompletionStage<Void> awaitOne(Registration registration) {
        return one.computeIfAbsent(registration, r -> new CompletableFuture<>()).minimalCompletionStage();
    }

    CompletionStage<Void> awaitAll() {
        if (all == null) {
            all = new CompletableFuture<>();
        }
        return all.minimalCompletionStage();
    }

    /**
     * A registration has been finalized.
     *
     * @param last whether it was the last one
     * @return tells those who wait for it; to be run without the lock; null if nobody waits
     */
    Runnable finalized(Registration registration, boolean last) {
        CompletableFuture<Void> waiting = one.isEmpty() ? null : one.remove(registration);
        CompletableFuture<Void> waitingForAll = last ? all : null;
        if (last) {
            all = null;
        }
        if (waiting == null && waitingForAll == null) {
            return null;
        }
        return () -> {
            complete(waiting);
            complete(waitingForAll);
        };
    }

    private static void complete(CompletableFuture<Void> waiting) {
        if (waiting != null) {
            waiting.complete(null);
        }
    }
}
