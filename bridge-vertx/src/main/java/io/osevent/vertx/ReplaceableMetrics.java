package io.osevent.vertx;

import io.osevent.bridge.BridgeMetrics;
import java.util.concurrent.TimeUnit;

/**
 * Metrics of a set that outlives its users: each install may bring its own. Names slow callbacks in the log, whoever
 * listens.
 */
final class ReplaceableMetrics implements BridgeMetrics {
    private static final System.Logger LOG = System.getLogger(LibvirtEventLoop.class.getName());

    private volatile BridgeMetrics current = BridgeMetrics.NONE;

    void replace(BridgeMetrics metrics) {
        current = metrics;
    }

    @Override
    public void turnEnded(long nanos, int callbacks) {
        current.turnEnded(nanos, callbacks);
    }

    @Override
    public void slowCallback(String names, long nanos) {
        LOG.log(
                System.Logger.Level.WARNING,
                "callback of {0} took {1} ms; it runs on the event loop and holds up all others",
                names,
                TimeUnit.NANOSECONDS.toMillis(nanos));
        current.slowCallback(names, nanos);
    }

    @Override
    public void callbackFailed(String name) {
        current.callbackFailed(name);
    }

    @Override
    public void staleTag() {
        current.staleTag();
    }

    @Override
    public void rebuilt(boolean done) {
        current.rebuilt(done);
    }
}
