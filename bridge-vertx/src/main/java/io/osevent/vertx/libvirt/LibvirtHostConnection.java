package io.osevent.vertx.libvirt;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** Libvirt's connections as a managed host uses them. */
final class LibvirtHostConnection implements HostConnection {

    private static final int BUFFER = 65_536;

    private final LibvirtConnection connection;
    private DomainEventStream events;

    private LibvirtHostConnection(LibvirtConnection connection) {
        this.connection = connection;
    }

    static HostConnector connector(LibvirtConnectOptions options) {
        return new HostConnector() {
            @Override
            public String uri() {
                return options.getUri();
            }

            @Override
            public Attempt connect(Vertx vertx) {
                LibvirtConnection.Opening opening = LibvirtConnection.begin(vertx, options);
                return new Attempt(opening.connection().map(LibvirtHostConnection::new), opening.settled());
            }
        };
    }

    LibvirtConnection connection() {
        return connection;
    }

    @Override
    public void listen(Listener listener) {
        events = connection.events(new EventStreamOptions().setCapacity(BUFFER));
        events.handler(listener::event);
        connection.closeHandler(reason -> listener.lost("libvirt closed it: " + reason));
    }

    @Override
    public Future<Void> ping() {
        return connection.ping();
    }

    @Override
    public Future<List<DomainSummary>> domains() {
        return connection.domains();
    }

    @Override
    public Future<DomainSummary> domainByUuid(String uuid) {
        return connection.domainByUuid(uuid);
    }

    @Override
    public Future<DomainSummary> act(String name, DomainAction action) {
        return connection.act(name, action);
    }

    @Override
    public Future<ConsoleStream> openConsole(String name, String device) {
        return connection.openConsole(name, device).map(console -> console);
    }

    @Override
    public boolean tellsAll() {
        return true;
    }

    @Override
    public long dropped() {
        return events.dropped();
    }

    @Override
    public Future<Void> close() {
        return connection.close();
    }
}
