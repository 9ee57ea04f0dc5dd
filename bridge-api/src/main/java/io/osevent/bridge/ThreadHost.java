package io.osevent.bridge;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A host that is one daemon thread for each lease: what a set is parked on while no event loop has it, and the smallest
 * example of a host.
 */
public final class ThreadHost implements EventHost {
    private final String threadName;
    private final CallScope scope;

    /**
     * A host whose threads have the given name.
     *
     * @param threadName for thread dumps
     * @param scope what to put around callbacks
     */
    public ThreadHost(String threadName, CallScope scope) {
        this.threadName = threadName;
        this.scope = scope;
    }

    @Override
    public Lease lease(EventSet set, Runnable ended) {
        ThreadLease lease = new ThreadLease(set);
        Thread thread = new Thread(lease, threadName);
        thread.setDaemon(true);
        thread.start();
        return lease;
    }

    @Override
    public String toString() {
        return "thread " + threadName;
    }

    private final class ThreadLease implements Runnable, Lease {
        private final EventSet set;
        private final Harvest front;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private volatile boolean cancelled;

        ThreadLease(EventSet set) {
            this.set = set;
            this.front = set.port().newHarvest(1);
        }

        @Override
        public void run() {
            try {
                while (!cancelled && set.port().await(set.fd(), front, 1, -1) >= 0) {
                    if (!cancelled) {
                        runTurn();
                    }
                }
            } finally {
                done.complete(null);
            }
        }

        /** What escapes from a turn, such as a want of memory, must not end the only thread that serves the set. */
        private void runTurn() {
            try {
                set.turn().run(scope);
            } catch (Throwable failure) {
                FailureLog.log(ThreadHost.class, System.Logger.Level.ERROR, "a turn has failed", failure);
            }
        }

        @Override
        public CompletionStage<Void> cancel() {
            cancelled = true;
            // The thread sleeps in the kernel; a turn that is due by time wakes it.
            set.wake();
            return done.minimalCompletionStage();
        }
    }
}
