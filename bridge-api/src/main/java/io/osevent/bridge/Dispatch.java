package io.osevent.bridge;

/**
 * The steps of one callback, each by itself: claim, call, release. The order inside {@link #claim} is what keeps a
 * callback from running after its registration, or its context, has gone: retain the context, retain the registration,
 * and only then read what it wants. Calls are made inside the scope, which the caller has entered.
 */
class Dispatch {
    private final EventSet set;
    private final SlotTable slots;
    private final BridgeMetrics metrics;

    Dispatch(EventSet set, SlotTable slots, BridgeMetrics metrics) {
        this.set = set;
        this.slots = slots;
        this.metrics = metrics;
    }

    /**
     * Starts a call for what is ready. Read again for each registration of a batch and between the registrations of one
     * event: the callback before may have changed everything.
     *
     * @return the bits to deliver, and the caller must {@link #release}; 0 if there is nothing to call
     */
    int claim(FdRegistration registration, int events) {
        if ((events & Interest.effective(registration.interest())) == 0) {
            return 0;
        }
        NativeContext context = registration.context();
        if (!context.enterCallIn(registration)) {
            return 0;
        }
        if (!slots.retain(registration)) {
            context.exit();
            return 0;
        }
        int bits = events & Interest.effective(registration.interest());
        if (bits == 0) {
            release(registration);
        }
        return bits;
    }

    void call(FdRegistration registration, int bits, CallScope scope) {
        try {
            registration.ready(bits);
        } catch (Throwable failure) {
            failed(registration, failure, scope);
        }
    }

    void call(TimeoutRegistration registration, CallScope scope) {
        try {
            registration.expired();
        } catch (Throwable failure) {
            failed(registration, failure, scope);
        }
    }

    void free(Registration registration, CallScope scope) {
        try {
            registration.free();
        } catch (Throwable failure) {
            failed(registration, failure, scope);
        }
    }

    /** Ends a call; the last one out queues the finalizer. */
    void release(Registration registration) {
        if (slots.release(registration)) {
            set.queueFinalizer(registration);
        }
        registration.context().exit();
    }

    /** A handler of failures that fails itself must not keep the call from its release. */
    private void failed(Registration registration, Throwable failure, CallScope scope) {
        try {
            metrics.callbackFailed(registration.toString());
            scope.failed(registration, failure);
        } catch (Throwable again) {
            again.addSuppressed(failure);
            FailureLog.log(Dispatch.class, System.Logger.Level.ERROR, "the handler of failures has failed", again);
        }
    }
}
