package io.osevent.bridge.sim;

import io.osevent.bridge.CallScope;
import io.osevent.bridge.EventHost;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.Lease;
import io.osevent.bridge.Registration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** An event loop on a simulated thread. */
final class SimHost implements EventHost, CallScope, Executor {
    private final World world;
    private final String name;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private SimLease lease;
    private boolean inTurn;
    private boolean ending;
    private boolean ended;
    private boolean stopped;
    private int entered;
    int turns;

    SimHost(World world, String name) {
        this.world = world;
        this.name = name;
        world.scheduler.spawn(name, this::run);
    }

    // ---- as a host --------------------------------------------------------------------------------------------------

    @Override
    public Lease lease(EventSet set, Runnable whenEnded) {
        if (ending) {
            throw new IllegalStateException(name + " has ended");
        }
        if (world.leases++ != 0) {
            world.fail("the set is leased to " + name + " while another lease lasts");
        }
        world.scheduler.log(name + " leases the set");
        lease = new SimLease(set, whenEnded);
        return lease;
    }

    /** The loop ends, as Vert.x does on close. */
    void end() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    void stop() {
        stopped = true;
    }

    boolean isAsleep() {
        return !hasWork() && !inTurn;
    }

    private boolean hasWork() {
        return stopped
                || ending && !ended
                || !tasks.isEmpty()
                || lease != null && (lease.cancelled || world.kernel.isReadable(lease.set.fd()));
    }

    private void run() {
        while (true) {
            world.scheduler.await("work for " + name, this::hasWork);
            SimLease current = lease;
            if (ending && !ended) {
                ended = true;
                endLease();
                if (current != null) {
                    current.whenEnded.run();
                }
            } else if (current != null && current.cancelled) {
                endLease();
            } else if (!tasks.isEmpty()) {
                tasks.poll().run();
            } else if (current != null && world.kernel.isReadable(current.set.fd())) {
                turn(current);
            } else if (stopped) {
                endLease();
                return;
            }
        }
    }

    private void turn(SimLease current) {
        if (world.turnOf != null) {
            world.fail("a turn on " + name + " while one runs on " + world.turnOf);
        }
        world.turnOf = name;
        inTurn = true;
        turns++;
        current.set.turn().run(this);
        inTurn = false;
        world.turnOf = null;
        if (entered != 0) {
            world.fail(name + ": a scope was entered and not left");
        }
    }

    private void endLease() {
        SimLease former = lease;
        lease = null;
        if (former != null) {
            world.scheduler.log(name + " ends its lease");
            world.leases--;
            former.done.complete(null);
        }
    }

    @Override
    public void execute(Runnable task) {
        world.expectNoLock("a post to " + name);
        if (ending) {
            throw new RejectedExecutionException(name);
        }
        tasks.add(task);
    }

    private final class SimLease implements Lease {
        private final EventSet set;
        private final Runnable whenEnded;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private boolean cancelled;

        SimLease(EventSet set, Runnable whenEnded) {
            this.set = set;
            this.whenEnded = whenEnded;
        }

        @Override
        public CompletionStage<Void> cancel() {
            cancelled = true;
            Interleave.point();
            return done;
        }
    }

    // ---- as a scope -------------------------------------------------------------------------------------------------

    @Override
    public Object enter() {
        world.expectNoLock("a scope");
        Interleave.point();
        entered++;
        return this;
    }

    @Override
    public void exit(Object token) {
        entered--;
        if (token != this) {
            world.fail(name + ": a scope was left that was not entered");
        }
        Interleave.point();
    }

    @Override
    public void failed(Registration registration, Throwable failure) {
        world.expectNoLock("a failure");
        world.script.failed(failure);
    }

    @Override
    public String toString() {
        return name;
    }
}
