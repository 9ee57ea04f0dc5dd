package io.osevent.bridge;

/**
 * What a host puts around callbacks: its context, its blocked-thread checker, its handler of failures. On a loop it is
 * entered once for each turn, which is short but for a callback that blocks; on a worker, once for each callback. All
 * methods are called on the thread that makes the callbacks, no lock held. {@link #enter} and {@link #exit} do not throw; what
 * {@link #failed} throws is logged.
 */
public interface CallScope {
    /** Calls without any context; a failure is logged. */
    CallScope PLAIN = new CallScope() {
        @Override
        public Object enter() {
            return null;
        }

        @Override
        public void exit(Object entered) {}

        @Override
        public void failed(Registration registration, Throwable failure) {
            System.getLogger(CallScope.class.getName())
                    .log(System.Logger.Level.ERROR, "callback of " + registration + " failed", failure);
        }
    };

    /**
     * Callbacks may begin.
     *
     * @return what {@link #exit} is given; may be null
     */
    Object enter();

    /**
     * The callbacks have ended, with or without a failure.
     *
     * @param entered what {@link #enter} returned
     */
    void exit(Object entered);

    /**
     * A callback threw. The registration stays as it is, and so do all others.
     *
     * @param registration whose callback it was
     * @param failure what it threw
     */
    void failed(Registration registration, Throwable failure);
}
