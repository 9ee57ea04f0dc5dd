package io.osevent.bridge;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Sees to it that a set that lives as long as the process always has exactly one host: an event loop while one has asked
 * for it, else a parked thread. Moves are made one after the other, in the order in which they were asked for; a set is
 * leased again only when the former lease's last turn has returned.
 *
 * <p>All methods may be called from any thread, also from inside a callback; none waits.
 */
public final class LeaseKeeper {
    private final EventSet set;
    private final EventHost parking;

    /** The last move that was asked for; completes, always normally, when it has been made. */
    private CompletionStage<Void> lastMove = CompletableFuture.completedStage(null);

    private EventHost holder;
    private Lease lease;

    /**
     * A keeper for a set that nobody has leased yet.
     *
     * @param set the set
     * @param parking where the set is while no event loop has asked for it
     */
    public LeaseKeeper(EventSet set, EventHost parking) {
        this.set = set;
        this.parking = parking;
    }

    /**
     * Moves the set to an event loop.
     *
     * @param host the event loop
     * @return completes when the host watches the set; fails with {@link IllegalStateException} if another event loop has
     *     the set, or if this one has ended (the set is then parked)
     */
    public CompletionStage<Void> install(EventHost host) {
        return afterLastMove(() -> {
            EventHost current = holder();
            if (current != null && current != parking) {
                return CompletableFuture.failedStage(
                        new IllegalStateException("already installed on " + current + "; close that one first"));
            }
            return moveTo(host);
        });
    }

    /**
     * Takes the set from an event loop and parks it; nothing happens if that loop does not have it.
     *
     * @param host the event loop
     * @return completes when the event loop's last turn has returned and the parked thread watches the set
     */
    public CompletionStage<Void> park(EventHost host) {
        return afterLastMove(() -> holder() == host ? moveTo(parking) : CompletableFuture.completedStage(null));
    }

    /**
     * Takes the set from whoever watches it, for good: for a set that ends before the process does.
     *
     * @return completes when the last turn has returned, so that the set may be closed
     */
    public CompletionStage<Void> end() {
        return afterLastMove(this::release);
    }

    /**
     * Who watches the set.
     *
     * @return the host; null before the first install, and while the set moves
     */
    public synchronized EventHost holder() {
        return holder;
    }

    /**
     * Tells whether the set is on the parked thread.
     *
     * @return true if it is
     */
    public boolean isParked() {
        return holder() == parking;
    }

    /** Only the order is decided under the monitor: a move calls into hosts, which have locks of their own. */
    private CompletionStage<Void> afterLastMove(Supplier<CompletionStage<Void>> move) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        CompletionStage<Void> before;
        synchronized (this) {
            before = lastMove;
            lastMove = ended;
        }
        CompletionStage<Void> made = before.thenCompose(nothing -> move.get());
        made.whenComplete((nothing, failure) -> ended.complete(null));
        return made;
    }

    private CompletionStage<Void> moveTo(EventHost host) {
        return release().thenRun(() -> leaseTo(host));
    }

    private CompletionStage<Void> release() {
        Lease former;
        synchronized (this) {
            former = lease;
            lease = null;
            holder = null;
        }
        return former == null ? CompletableFuture.completedStage(null) : former.cancel();
    }

    private void leaseTo(EventHost host) {
        try {
            // A host that ends before this returns asks for a move of its own, which waits for this one.
            held(host, host.lease(set, () -> park(host)));
        } catch (RuntimeException | Error ended) {
            // Also an Error: a transport whose classes do not fit, or a loop that gets no thread
            held(parking, parking.lease(set, () -> {}));
            throw new IllegalStateException(host + " cannot watch the set: " + ended.getMessage(), ended);
        }
    }

    private synchronized void held(EventHost host, Lease by) {
        lease = by;
        holder = host;
    }
}
