package io.osevent.bench;

import io.osevent.vertx.libvirt.EventStreamOptions;
import io.osevent.vertx.libvirt.LibvirtConnectOptions;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Connections as a verticle has them, each with a stream of events. */
final class StreamRemote implements Remote {
    private static final long BOUND_SECONDS = 10;
    /** None is to be lost, so that all can be counted. */
    private static final int CAPACITY = 100_000;

    private final List<LibvirtConnection> connections = new ArrayList<>();
    private final Arrivals arrivals;

    StreamRemote(Vertx vertx, String uri, int n, int operations) throws TimeoutException {
        arrivals = new Arrivals("remote-stream", n, operations);
        LibvirtConnectOptions options = new LibvirtConnectOptions(uri).setKeepAlive(0, 0);
        for (int i = 0; i < n; i++) {
            LibvirtConnection connection =
                    LibvirtConnection.open(vertx, options).await(BOUND_SECONDS, TimeUnit.SECONDS);
            connections.add(connection);
            connection.events(new EventStreamOptions().setCapacity(CAPACITY)).handler(event -> arrivals.arrived());
        }
        arrivals.begin();
    }

    @Override
    public List<JsonObject> measure(JvmPeer.Identity identity) throws InterruptedException {
        return arrivals.await(identity);
    }

    @Override
    public void close() throws TimeoutException {
        for (LibvirtConnection connection : connections) {
            connection.close().await(BOUND_SECONDS, TimeUnit.SECONDS);
        }
    }
}
