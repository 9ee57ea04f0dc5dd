package io.osevent.bridge;

import java.util.concurrent.RejectedExecutionException;

/**
 * Callbacks of contexts that have an ordered worker. The loop only hands them over: the claim is made on the worker,
 * right before the call, so that a deregistration in between wins. An fd's entry is busy, and so paused in the kernel,
 * from the hand-over until its callback has returned; a timeout is out of the list.
 */
final class WorkerCalls {
    private final EventSet set;
    private final Dispatch dispatch;

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
        try {
            context.worker().execute(() -> run(entry, registration, events));
        } catch (RejectedExecutionException closed) {
            set.strand(entry, registration);
        }
    }

    private void run(FdEntry entry, FdRegistration registration, int events) {
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
        } catch (RejectedExecutionException closed) {
            System.getLogger(WorkerCalls.class.getName())
                    .log(System.Logger.Level.DEBUG, "the worker of {0} has gone", timeout.context());
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
}
