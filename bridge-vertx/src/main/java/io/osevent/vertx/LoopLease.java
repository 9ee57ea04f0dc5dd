package io.osevent.vertx;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.Lease;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An event loop's watching of one set. What differs between transports is how the loop is told to watch and to forget;
 * how a lease runs turns and how it ends is here.
 */
abstract class LoopLease implements Lease {
    private static final System.Logger LOG = System.getLogger(LoopLease.class.getName());

    final EventSet set;
    final EventLoop loop;

    private final ContextInternal context;
    private final ContextScope scope;
    private final Runnable whenEnded;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    LoopLease(ContextInternal context, EventSet set, Runnable whenEnded) {
        this.context = context;
        this.loop = context.nettyEventLoop();
        this.set = set;
        this.scope = new ContextScope(context);
        this.whenEnded = whenEnded;
    }

    /** Begins the lease. A loop that terminates as it is told to watch does not always say so to whom it watches. */
    final void begin() {
        watch();
        ifTerminated(this::end);
    }

    /** Tells the loop to watch. Any thread; what it cannot do ends the lease. */
    abstract void watch();

    /** Tells the loop to forget; after it has returned, no turn begins. On the loop, outside any turn. */
    abstract void forget();

    /**
     * Runs one turn, unless the lease was cancelled. On the loop. Nothing may escape into Netty, which would put the loop
     * to sleep for a second.
     *
     * @return true if there may be more to do
     */
    final boolean runTurn() {
        if (cancelled.get()) {
            return false;
        }
        try {
            return set.turn().run(scope);
        } catch (Throwable failure) {
            report(failure);
            return true;
        }
    }

    /** The user's handler may fail as well. */
    private void report(Throwable failure) {
        try {
            context.reportException(failure);
        } catch (Throwable again) {
            again.addSuppressed(failure);
            LOG.log(System.Logger.Level.ERROR, "the handler of failures has failed", again);
        }
    }

    final boolean isCancelled() {
        return cancelled.get();
    }

    final CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public final CompletionStage<Void> cancel() {
        if (cancelled.compareAndSet(false, true)) {
            forgetOnLoop();
        }
        return done.minimalCompletionStage();
    }

    /** The loop ends, or cannot watch: as {@link #cancel}, and the owner of the set is told. */
    final CompletableFuture<Void> end() {
        if (!cancelled.compareAndSet(false, true)) {
            return done;
        }
        CompletableFuture<Void> told = done.thenRun(whenEnded);
        forgetOnLoop();
        return told;
    }

    /** A task of the loop runs outside any turn, so the last turn has returned when it runs. */
    private void forgetOnLoop() {
        // A loop that is gone runs no task, but no turn either.
        ifTerminated(() -> done.complete(null));
        try {
            loop.execute(() -> {
                forget();
                finish();
            });
        } catch (RejectedExecutionException gone) {
            // The listener completes it.
        }
    }

    /** What is to be done if the loop terminates before this lease has ended. */
    final void ifTerminated(Runnable action) {
        listen(loop.terminationFuture(), action);
    }

    /** A loop outlives many leases, and must not keep those that have ended, with their sets. */
    private <V> void listen(Future<V> termination, Runnable action) {
        FutureListener<V> listener = terminated -> action.run();
        termination.addListener(listener);
        done.whenComplete((nothing, failure) -> termination.removeListener(listener));
    }

    /** Nothing of this lease runs any more. */
    void finish() {
        done.complete(null);
    }
}
