package io.osevent.bridge.sim;

import io.osevent.bridge.CallScope;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.Registration;
import io.osevent.bridge.Teardown;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A context of the simulated library; to free it poisons everything that it holds. */
final class SimContext implements Teardown.Library {
    private static final int BOUND_MILLIS = 3_600_000;

    final String name;
    final NativeContext context;
    final boolean permanent;

    /** Null if its calls are made on the loop. */
    final SimWorker worker;

    private final World world;
    private final Executor executor;
    private final Teardown teardown;
    private boolean started;
    private Life inCall;
    private boolean freed;
    private int userCalls;
    private int order;
    private Teardown.Report report;

    SimContext(World world, String name, EventSet set, boolean permanent, SimWorker worker, Executor loop) {
        this.world = world;
        this.name = name;
        this.permanent = permanent;
        this.worker = worker;
        this.executor = worker != null ? worker : loop;
        if (permanent) {
            context = NativeContext.permanent(set, name);
            teardown = null;
        } else {
            context = worker != null
                    ? NativeContext.onWorker(set, name, worker, new WorkerScope())
                    : NativeContext.onLoop(set, name);
            teardown = new Teardown(context, executor, this, BOUND_MILLIS);
        }
    }

    // ---- calls ------------------------------------------------------------------------------------------------------

    boolean enter() {
        if (permanent) {
            return true;
        }
        if (!context.enter("user call")) {
            return false;
        }
        userCalls++;
        if (freed) {
            world.fail(name + ": a user call was let into a freed context");
        }
        return true;
    }

    void exit() {
        if (!permanent) {
            userCalls--;
            context.exit();
        }
    }

    void beginCallIn(Life by) {
        if (freed) {
            world.fail(by.name + ": called after its context was freed, its memory is poisoned");
        }
        if (inCall != null) {
            world.fail(by.name + ": called while " + inCall.name + " of the same context is being called");
        }
        inCall = by;
    }

    void endCallIn(Life by) {
        if (freed) {
            world.fail(by.name + ": its context was freed during a call");
        }
        inCall = null;
    }

    /** True if what is ready or due must be delivered. */
    boolean delivers() {
        return permanent || !started && !hasRejected();
    }

    boolean hasRejected() {
        return worker != null && worker.rejectedOnce;
    }

    boolean isFreed() {
        return freed;
    }

    // ---- teardown ---------------------------------------------------------------------------------------------------

    void close() {
        if (permanent) {
            return;
        }
        world.scheduler.log("close " + name);
        started = true;
        teardown.start().thenAccept(r -> {
            world.expectNoLock("a report");
            report = r;
            world.scheduler.log("report " + r.detail());
        });
    }

    boolean isStarted() {
        return started;
    }

    Teardown.Report report() {
        return report;
    }

    private void expectOrder(int step) {
        world.expectNoLock("a step of the teardown");
        if (inCall != null) {
            world.fail(name + ": step " + step + " of the teardown runs inside " + inCall.name);
        }
        if (order++ != step) {
            world.fail(name + ": step " + step + " of the teardown out of order");
        }
    }

    @Override
    public CompletionStage<Void> abortOperations() {
        expectOrder(0);
        CompletableFuture<Void> gone = new CompletableFuture<>();
        world.later(() -> gone.complete(null));
        return gone;
    }

    @Override
    public void disableEvents() {
        expectOrder(1);
        world.script.whileClosing(this);
    }

    @Override
    public void free() {
        expectOrder(2);
        if (userCalls > 0) {
            world.fail(name + ": freed under a call of the user");
        }
        for (Modelled registration : world.registrationsOf(this)) {
            if (registration.life().isInside()) {
                world.fail(name + ": freed under a call of " + registration.life().name);
            }
            if (registration instanceof SimTimeout timeout && timeout.owesDelivery()) {
                world.fail(name + ": freed before " + timeout + " was delivered, which was modified to now");
            }
        }
        world.script.whileFreeing(this);
        freed = true;
    }

    private final class WorkerScope implements CallScope {
        @Override
        public Object enter() {
            world.expectNoLock("a scope of a worker");
            Interleave.point();
            return this;
        }

        @Override
        public void exit(Object entered) {
            Interleave.point();
        }

        @Override
        public void failed(Registration registration, Throwable failure) {
            world.expectNoLock("a failure on a worker");
            world.script.failed(failure);
        }
    }
}
