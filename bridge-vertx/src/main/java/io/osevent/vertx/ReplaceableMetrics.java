package io.osevent.vertx;

import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.Errno;
import java.util.concurrent.TimeUnit;

/**
 * Metrics of a set that outlives its users: each install may bring its own. What an operator must know is in the log,
 * whoever listens: slow callbacks by name, and what was wrong with the kernel's set, once for each trouble.
 */
final class ReplaceableMetrics implements BridgeMetrics {
    private static final System.Logger LOG = System.getLogger(LibvirtEventLoop.class.getName());

    private volatile BridgeMetrics current = BridgeMetrics.NONE;

    /** Told already, and not over: the loop's thread only. */
    private boolean rebuildPutOff;

    private int lastErrno;

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
    public void harvestFailed(int errno) {
        if (errno != lastErrno) {
            lastErrno = errno;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "epoll_wait failed with {0}; libvirt''s descriptors are asked for again in each turn",
                    Errno.name(errno));
        }
        current.harvestFailed(errno);
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
        if (done) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a descriptor of libvirt was closed while a copy of it is open elsewhere in the process;"
                            + " the epoll set was rebuilt without it");
        } else if (!rebuildPutOff) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the epoll set reports a file that is closed, and cannot be rebuilt: the process has no file"
                            + " descriptors left. The event loop spins until it has; raise its limit (ulimit -n)");
        }
        rebuildPutOff = !done;
        current.rebuilt(done);
    }
}
