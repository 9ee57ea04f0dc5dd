package io.osevent.it.libvirt;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.libvirt.Connect;
import org.libvirt.LibvirtException;
import org.libvirt.event.ConnectionCloseListener;
import org.libvirt.event.ConnectionCloseReason;

/** A connection with keepalive, whose events and whose end are noted. */
final class WatchedHost implements ConnectionCloseListener {
    private static final int KEEPALIVE_SECONDS = 1;
    private static final int KEEPALIVE_COUNT = 2;

    private final Connect connect;
    private final CompletableFuture<ConnectionCloseReason> closed = new CompletableFuture<>();
    private ChangeLog log;

    private WatchedHost(Connect connect) {
        this.connect = connect;
    }

    static WatchedHost open(String uri) throws LibvirtException {
        WatchedHost host = new WatchedHost(new Connect(uri));
        host.connect.setKeepAlive(KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
        host.connect.registerCloseListener(host);
        host.log = uri.startsWith("test") ? ChangeLog.ofToggles(host.connect) : ChangeLog.ofAll(host.connect);
        return host;
    }

    Connect connect() {
        return connect;
    }

    ChangeLog log() {
        return log;
    }

    @Override
    public void onClose(Connect connection, ConnectionCloseReason reason) {
        if (!closed.complete(reason)) {
            closed.obtrudeException(new IllegalStateException("closed twice"));
        }
    }

    /** Waits for libvirt to say that the connection has broken. */
    ConnectionCloseReason awaitClosed(Duration bound) throws Exception {
        try {
            return closed.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new TimeoutException("not within " + bound + ": the close callback of " + connect.getURI());
        }
    }

    /** Removes the listeners and closes; on a broken connection each of it fails, and does what it should. */
    void close() throws LibvirtException {
        boolean broken = closed.isDone();
        tolerate(broken, log::stop);
        tolerate(broken, connect::unregisterCloseListener);
        tolerate(broken, connect::close);
    }

    private interface Call {
        void make() throws LibvirtException;
    }

    private static void tolerate(boolean broken, Call call) throws LibvirtException {
        try {
            call.make();
        } catch (LibvirtException e) {
            if (!broken) {
                throw e;
            }
        }
    }
}
