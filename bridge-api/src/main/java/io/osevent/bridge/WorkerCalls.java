package io.osevent.bridge;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Callbacks of contexts that have an ordered worker. The loop only hands them over: the claim is made on the worker,
 * right before the call, so that a deregistration in between wins. An fd's entry is busy, and so paused in the kernel,
 * from the hand-over until its callback has returned; a timeout is out of the list.
 *
 * <p>A worker that refuses has gone. One that fails otherwise, because the system has no thread for it at the moment, is
 * asked again in the next turn.
 */
final class WorkerCalls {
    private final EventSet set;
    private final Dispatch dispatch;

    /** Once is enough until a worker takes something again; loop only. */
    private boolean told;

    WorkerCalls(EventSet set, Dispatch dispatch) {
        this.set = set;
        this.dispatch = dispatch;
    }

    /** Loop only. */
    void post(FdEntry entry, FdRegistration registration, int events) {
        if ((events & Interest.effective(registration.interest())) == 0) {
            return;
        }
        set.beginBusy(entry);
        NativeContext context = registration.context();
        // An executor can fail after it has taken the task, which then runs later: the entry is released once.
        AtomicReference<FdEntry> busy = new AtomicReference<>(entry);
        try {
            context.worker().execute(() -> run(busy, registration, events));
            told = false;
        } catch (RejectedExecutionException closed) {
            set.strand(entry, registration);
        } catch (Throwable failure) {
            endBusy(busy);
            notTaken(context, failure);
        }
    }

    private void run(AtomicReference<FdEntry> busy, FdRegistration registration, int events) {
        try {
            int bits = dispatch.claim(registration, events);
            if (bits != 0) {
                CallScope scope = registration.context().workerScope();
                Object entered = scope.enter();
                try {
                    dispatch.call(registration, bits, scope);
                } finally {
                    scope.exit(entered);
                    dispatch.release(registration);
                }
            }
        } finally {
            endBusy(busy);
        }
    }

    private void endBusy(AtomicReference<FdEntry> busy) {
        FdEntry entry = busy.getAndSet(null);
        if (entry != null) {
            set.endBusy(entry);
        }
    }

    /**
     * Loop only. A timeout whose worker has gone stays out of the list: the teardown of its context finds it among the
     * registrations.
     */
    void post(TimeoutRegistration timeout) {
        try {
            timeout.context().worker().execute(() -> run(timeout));
            told = false;
        } catch (RejectedExecutionException closed) {
            FailureLog.log(
                    WorkerCalls.class,
                    System.Logger.Level.DEBUG,
                    "the worker of " + timeout.context() + " has gone",
                    null);
        } catch (Throwable failure) {
            set.handBack(timeout);
            notTaken(timeout.context(), failure);
        }
    }

    private void run(TimeoutRegistration timeout) {
        if (!timeout.context().enterCallIn(timeout)) {
            return;
        }
        if (!set.claimOnWorker(timeout)) {
            timeout.context().exit();
            return;
        }
        CallScope scope = timeout.context().workerScope();
        Object entered = scope.enter();
        try {
            dispatch.call(timeout, scope);
        } finally {
            scope.exit(entered);
            dispatch.release(timeout);
        }
    }

    private void notTaken(NativeContext context, Throwable failure) {
        if (!told) {
            told = true;
            FailureLog.log(
                    WorkerCalls.class,
                    System.Logger.Level.ERROR,
                    "the worker of " + context + " takes no calls; it is asked again in each turn",
                    failure);
        }
    }
}
