package io.osevent.bridge;

/** Metrics that cannot end a turn: a call stays counted, and a registration is never finalized, if one throws there. */
final class GuardedMetrics implements BridgeMetrics {
    private final BridgeMetrics metrics;
    private boolean told;

    GuardedMetrics(BridgeMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void turnEnded(long nanos, int callbacks) {
        try {
            metrics.turnEnded(nanos, callbacks);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void slowCallback(String names, long nanos) {
        try {
            metrics.slowCallback(names, nanos);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void callbackFailed(String name) {
        try {
            metrics.callbackFailed(name);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void harvestFailed(int errno) {
        try {
            metrics.harvestFailed(errno);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void staleTag() {
        try {
            metrics.staleTag();
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    @Override
    public void rebuilt(boolean done) {
        try {
            metrics.rebuilt(done);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    /** Once is enough: what throws in each turn would fill the log. */
    private void failed(Throwable failure) {
        if (!told) {
            told = true;
            FailureLog.log(
                    BridgeMetrics.class,
                    System.Logger.Level.ERROR,
                    "metrics have thrown; further failures are not logged",
                    failure);
        }
    }
}
