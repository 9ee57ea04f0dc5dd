package io.osevent.bridge;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
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
     * Registrations have been finalized.
     *
     * @param first the first of them, linked through {@link Registration#nextFinalizer}
     * @param last whether none is left
     * @return tells those who wait for them; to be run without the lock; null if nobody waits
     */
    Runnable finalized(Registration first, boolean last) {
        List<CompletableFuture<Void>> waiting = new ArrayList<>(0);
        for (Registration done = first; done != null && !one.isEmpty(); done = done.nextFinalizer) {
            addTo(waiting, one.remove(done));
        }
        if (last) {
            addTo(waiting, all);
            all = null;
        }
        return waiting.isEmpty() ? null : () -> waiting.forEach(future -> future.complete(null));
    }

    private static void addTo(List<CompletableFuture<Void>> waiting, CompletableFuture<Void> one) {
        if (one != null) {
            waiting.add(one);
        }
    }
}
