package io.osevent.libxl;

/**
 * An observer that cannot change what it sees: one that throws would turn a registration that is made into one that
 * libxl takes for refused, whose memory it gives up, and would lose a delivery or a completion.
 */
final class GuardedObserver implements HookObserver {
    private static final System.Logger LOG = System.getLogger(HookObserver.class.getName());

    private final HookObserver observer;

    private GuardedObserver(HookObserver observer) {
        this.observer = observer;
    }

    static HookObserver of(HookObserver observer) {
        return observer == HookObserver.NONE || observer instanceof GuardedObserver
                ? observer
                : new GuardedObserver(observer);
    }

    @Override
    public void fdRegistered(long token, int fd, int events) {
        try {
            observer.fdRegistered(token, fd, events);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void fdModified(long token, int events) {
        try {
            observer.fdModified(token, events);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void fdDeregistered(long token) {
        try {
            observer.fdDeregistered(token);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void timeoutRegistered(long token, long deadlineMicros) {
        try {
            observer.timeoutRegistered(token, deadlineMicros);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void timeoutModified(long token) {
        try {
            observer.timeoutModified(token);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void occurredFd(long token, int revents) {
        try {
            observer.occurredFd(token, revents);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void occurredTimeout(long token) {
        try {
            observer.occurredTimeout(token);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void operationCompleted(String function, int rc) {
        try {
            observer.operationCompleted(function, rc);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void eventOccurred(RawEvent event) {
        try {
            observer.eventOccurred(event);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    private static void failed(Throwable failure) {
        try {
            LOG.log(System.Logger.Level.ERROR, "an observer of hooks has thrown", failure);
        } catch (Throwable nested) {
            // Nobody is left to tell; libxl's work goes on
            return;
        }
    }
}
