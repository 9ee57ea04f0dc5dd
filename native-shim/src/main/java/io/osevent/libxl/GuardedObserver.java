package io.osevent.libxl;

/**
 * An observer whose failures stay its own. Thrown inside a hook, one would tell libxl that a registration has failed which
 * is live; inside a call-in or a callback, it would keep from libxl, or from the user, what they were promised.
 */
final class GuardedObserver implements HookObserver {
    private static final System.Logger LOG = System.getLogger(GuardedObserver.class.getName());

    private final HookObserver observer;

    private GuardedObserver(HookObserver observer) {
        this.observer = observer;
    }

    /** The guarded observer; the usual one, which does nothing, costs nothing. */
    static HookObserver of(HookObserver observer) {
        boolean harmless = observer == NONE || observer instanceof GuardedObserver;
        return harmless ? observer : new GuardedObserver(observer);
    }

    @Override
    public void fdRegistered(long token, int fd, int events) {
        tell(() -> observer.fdRegistered(token, fd, events));
    }

    @Override
    public void fdModified(long token, int events) {
        tell(() -> observer.fdModified(token, events));
    }

    @Override
    public void fdDeregistered(long token) {
        tell(() -> observer.fdDeregistered(token));
    }

    @Override
    public void timeoutRegistered(long token, long deadlineMicros) {
        tell(() -> observer.timeoutRegistered(token, deadlineMicros));
    }

    @Override
    public void timeoutModified(long token) {
        tell(() -> observer.timeoutModified(token));
    }

    @Override
    public void occurredFd(long token, int revents) {
        tell(() -> observer.occurredFd(token, revents));
    }

    @Override
    public void occurredTimeout(long token) {
        tell(() -> observer.occurredTimeout(token));
    }

    @Override
    public void operationCompleted(String function, int rc) {
        tell(() -> observer.operationCompleted(function, rc));
    }

    @Override
    public void eventOccurred(RawEvent event) {
        tell(() -> observer.eventOccurred(event));
    }

    private static void tell(Runnable what) {
        try {
            what.run();
        } catch (Throwable failure) {
            try {
                LOG.log(System.Logger.Level.WARNING, "an observer of libxl's hooks has failed", failure);
            } catch (Throwable nested) {
                // Nothing may reach C, and there is nobody left to tell
                return;
            }
        }
    }
}
