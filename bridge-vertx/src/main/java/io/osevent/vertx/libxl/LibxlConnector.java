package io.osevent.vertx.libxl;

import io.osevent.vertx.LibxlContext;
import io.osevent.vertx.LibxlOptions;
import io.osevent.vertx.libvirt.HostConnector;
import io.osevent.vertx.libvirt.ManagedHost;
import io.osevent.vertx.libvirt.ManagedHostOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * This machine's Xen as a {@link ManagedHost}, through libxl: the same states, events and actions as for libvirt's hosts,
 * and the same return after a loss.
 */
public final class LibxlConnector implements HostConnector {

    /** What stands for this machine's Xen where libvirt has a URI. */
    public static final String URI = "libxl:///system";

    /** libxl tells of the end of domains only: how soon all else is found by listing. */
    private static final Duration LIST_INTERVAL = Duration.ofSeconds(1);

    private static final Duration LATE = Duration.ofSeconds(2);

    private final LibxlOptions options;
    private final boolean readOnly;
    private final Duration callTimeout;

    /**
     * Creates a connector.
     *
     * @param options how each context is opened
     * @param readOnly whether all actions are refused
     * @param callTimeout how long an answer may take
     */
    public LibxlConnector(LibxlOptions options, boolean readOnly, Duration callTimeout) {
        if (callTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("callTimeout must be at least 1 ms, not " + callTimeout);
        }
        this.options = options;
        this.readOnly = readOnly;
        this.callTimeout = callTimeout;
    }

    /**
     * Returns options that suit libxl: domains are listed each second.
     *
     * @return new options
     */
    public ManagedHostOptions toHostOptions() {
        return new ManagedHostOptions(this).setProbe(LIST_INTERVAL, LATE);
    }

    @Override
    public String uri() {
        return URI;
    }

    @Override
    public Attempt connect(Vertx vertx) {
        Future<LibxlContext> settled = LibxlContext.open(vertx, options);
        Future<LibxlHostConnection> bounded = settled.compose(
                        xen -> LibxlHostConnection.open(xen, readOnly, callTimeout))
                .timeout(callTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(LibxlFailures.ofOpen(cause, callTimeout)));
        bounded.onFailure(cause -> settled.onSuccess(LibxlContext::close));
        return new Attempt(bounded, settled);
    }
}
