package io.osevent.vertx.libvirt;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Makes the connections of a {@link ManagedHost}, one after the other. */
public interface HostConnector {

    /**
     * An attempt under way.
     *
     * @param connection the connection, or a {@link LibvirtFailure}; bounded
     * @param settled completes when the native call has returned, however long it took
     */
    record Attempt(Future<? extends HostConnection> connection, Future<?> settled) {}

    /**
     * Returns what is connected to.
     *
     * @return the URI
     */
    String uri();

    /**
     * Begins to connect.
     *
     * @param vertx the Vert.x whose workers and contexts are used
     * @return the attempt; a connection that comes too late is closed by whoever made it
     */
    Attempt connect(Vertx vertx);
}
