package io.osevent.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A host that is stepped by hand, on the virtual time of a {@link SimKernel}. One thread at a time. */
public final class SteppedHost implements EventHost, CallScope {
    private final SimKernel kernel;
    private final List<SteppedLease> leases = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private boolean failuresThrow;
    private boolean ended;
    private int turns;

    public SteppedHost(SimKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public Lease lease(EventSet set, Runnable whenEnded) {
        if (ended) {
            throw new IllegalStateException("the loop has ended");
        }
        SteppedLease lease = new SteppedLease(set, whenEnded);
        leases.add(lease);
        return lease;
    }

    /** Lets a nanosecond pass and runs one turn of each set that is readable; false if none was. */
    public boolean step() {
        kernel.advance(1);
        boolean any = false;
        for (SteppedLease lease : List.copyOf(leases)) {
            if (!lease.cancelled && kernel.isReadable(lease.set.fd())) {
                turns++;
                any = true;
                lease.inTurn = true;
                lease.set.turn().run(this);
                lease.inTurn = false;
                lease.finishIfCancelled();
            }
        }
        return any;
    }

    /** Steps until nothing is readable; fails if that does not happen within so many turns. */
    public void settle(int most) {
        for (int i = 0; i < most; i++) {
            if (!step()) {
                return;
            }
        }
        throw new AssertionError("still something to do after " + most + " turns");
    }

    /** Lets time pass, turn by turn, as an event loop would: it sleeps until the next timer or the end. */
    public void advance(long nanos) {
        long end = kernel.nanoTime() + nanos;
        settle(10_000);
        while (kernel.nextTimer() <= end) {
            kernel.advance(Math.max(0, kernel.nextTimer() - kernel.nanoTime()));
            settle(10_000);
        }
        kernel.advance(Math.max(0, end - kernel.nanoTime()));
        settle(10_000);
    }

    /** The loop ends by itself, as Vert.x does on close. */
    public void end() {
        ended = true;
        for (SteppedLease lease : List.copyOf(leases)) {
            lease.cancelled = true;
            lease.finishIfCancelled();
            lease.whenEnded.run();
        }
    }

    public int turns() {
        return turns;
    }

    /** From now on the host's handler of failures fails as well. */
    public void failuresThrow() {
        failuresThrow = true;
    }

    public List<Throwable> failures() {
        return failures;
    }

    @Override
    public Object enter() {
        return null;
    }

    @Override
    public void exit(Object entered) {}

    @Override
    public void failed(Registration registration, Throwable failure) {
        failures.add(failure);
        if (failuresThrow) {
            throw new IllegalStateException("the handler fails too");
        }
    }

    @Override
    public String toString() {
        return "stepped host";
    }

    private final class SteppedLease implements Lease {
        private final EventSet set;
        private final Runnable whenEnded;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private boolean cancelled;
        private boolean inTurn;

        SteppedLease(EventSet set, Runnable whenEnded) {
            this.set = set;
            this.whenEnded = whenEnded;
        }

        @Override
        public CompletionStage<Void> cancel() {
            cancelled = true;
            if (!inTurn) {
                finishIfCancelled();
            }
            return done;
        }

        private void finishIfCancelled() {
            if (cancelled) {
                leases.remove(this);
                done.complete(null);
            }
        }
    }
}
