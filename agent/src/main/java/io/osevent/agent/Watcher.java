package io.osevent.agent;

import io.osevent.vertx.LibxlOptions;
import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.EventStreamOptions;
import io.osevent.vertx.libvirt.HostStatus;
import io.osevent.vertx.libvirt.LibvirtConnectOptions;
import io.osevent.vertx.libvirt.LibvirtEvent;
import io.osevent.vertx.libvirt.ManagedHost;
import io.osevent.vertx.libvirt.ManagedHostOptions;
import io.osevent.vertx.libxl.LibxlConnector;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Keeps the agent's own hosts connected, and passes on what they tell. Used on the agent's event loop. */
final class Watcher {

    private static final int BUFFER = 65_536;

    /** Less than the agent's own end may take. */
    private static final Duration LIBXL_CLOSE = Duration.ofSeconds(8);

    private static final Duration LIBXL_CALL = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final Hosts hosts;
    private final Publisher publisher;
    private final EventPrinter printer;
    private final EventStats stats;
    private final Consumer<LocalHost> onWatched;
    private final Map<String, LocalHost> local = new ConcurrentHashMap<>();

    Watcher(
            Vertx vertx,
            Hosts hosts,
            Publisher publisher,
            EventPrinter printer,
            EventStats stats,
            Consumer<LocalHost> onWatched) {
        this.vertx = vertx;
        this.hosts = hosts;
        this.publisher = publisher;
        this.printer = printer;
        this.stats = stats;
        this.onWatched = onWatched;
    }

    /**
     * Begins to watch a host.
     *
     * @param known its domains as they were known before; what differs is told as missed
     */
    void watch(HostConfig config, Collection<DomainSummary> known) {
        ManagedHost managed =
                ManagedHost.start(vertx, config.id(), options(config).setKnown(known));
        LocalHost host = new LocalHost(config, managed);
        local.put(config.id(), host);
        hosts.put(host);
        managed.statusHandler(status -> onStatus(config, status));
        managed.events(new EventStreamOptions().setCapacity(BUFFER)).handler(event -> onEvent(config.id(), event));
        onWatched.accept(host);
    }

    private static ManagedHostOptions options(HostConfig config) {
        if (config.isLibxl()) {
            LibxlLogging.silence();
            LibxlOptions options = new LibxlOptions().setName(config.id()).setCloseTimeout(LIBXL_CLOSE);
            return new LibxlConnector(options, config.readOnly(), LIBXL_CALL).toHostOptions();
        }
        return new ManagedHostOptions(new LibvirtConnectOptions(config.uri())
                .setReadOnly(config.readOnly())
                .setKeepAlive(config.keepAlive().interval(), config.keepAlive().count()));
    }

    boolean watches(String id) {
        return local.containsKey(id);
    }

    List<LocalHost> local() {
        return List.copyOf(local.values());
    }

    Future<?> close() {
        List<Future<?>> ends = new ArrayList<>();
        local.values().forEach(host -> ends.add(host.managed().close()));
        return Future.join(ends);
    }

    private void onStatus(HostConfig config, HostStatus status) {
        printer.status(config.id(), status);
        publisher.host(ServedHost.describe(config, status).put("host", config.id()));
    }

    private void onEvent(String host, LibvirtEvent event) {
        stats.record(host, event);
        printer.event(host, event);
        publisher.event(new JsonObject().put("host", host).mergeIn(event.toJson()));
    }
}
