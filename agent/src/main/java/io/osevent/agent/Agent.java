package io.osevent.agent;

import io.osevent.vertx.LibvirtEventLoop;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The agent: hosts on one side, HTTP on the other, all on one event loop. */
final class Agent extends VerticleBase {

    private static final long STATS_MILLIS = 1_000;

    private final AgentConfig config;
    private final QueuedOutput output;
    private final QueuedOutput errors;
    private final EventPrinter printer;
    private final Audit audit;
    private final ClockOffset clock = new ClockOffset();
    private final Hosts hosts = new Hosts();
    private final EventStats stats = new EventStats();
    private final BridgeCounters counters = new BridgeCounters();

    private SseHub hub;
    private Watcher watcher;
    private LoopLag lag;
    private LibvirtEventLoop loop;
    private LoopLag libvirtLag;
    private HttpServer server;
    private ClusterMember member;
    private long lastTotal;

    Agent(AgentConfig config, QueuedOutput output, QueuedOutput errors) {
        this.config = config;
        this.output = output;
        this.errors = errors;
        this.printer = new EventPrinter(output.printer());
        this.audit = new Audit(errors.printer());
    }

    @Override
    public Future<?> start() {
        EventHistory history = EventHistory.create(config.history());
        hub = new SseHub(vertx, history, config.heartbeat().toMillis());
        lag = LoopLag.of(vertx, context);
        Publisher publisher = new Publisher(history, hub, vertx.eventBus());
        vertx.setPeriodic(STATS_MILLIS, ignored -> hub.tell("stats", statsNow().encode()));
        Scrape scrape = new Scrape(vertx, this::fill);
        scrape.warmUp();
        watcher =
                new Watcher(vertx, hosts, publisher, printer, stats, host -> scrape.add(metrics -> metrics.host(host)));
        HttpApi api =
                new HttpApi(hosts, hub, new Access(config), audit, config.tls().isPresent());
        Future<?> listening = WebServer.listen(vertx, config, api, scrape).onSuccess(up -> server = up);
        return Future.all(listening, installLibvirt()).compose(ignored -> {
            if (config.cluster().isPresent()) {
                member = new ClusterMember(vertx, hosts, watcher, publisher);
                return member.join(config.url(server.actualPort()), config.hosts());
            }
            config.hosts().forEach(host -> watcher.watch(host, List.of()));
            return Future.succeededFuture();
        });
    }

    @Override
    public Future<?> stop() {
        List<Future<?>> ends = new ArrayList<>();
        // Another agent takes over what is no longer connected here.
        ends.add(watcher.close().transform(ignored -> member == null ? Future.succeededFuture() : member.leave()));
        if (server != null) {
            ends.add(server.close());
        }
        return Future.join(ends).transform(ignored -> loop == null ? Future.succeededFuture() : loop.close());
    }

    /** A machine whose hosts are all libxl's needs no libvirt; other agents of a cluster may bring others. */
    private Future<?> installLibvirt() {
        if (config.cluster().isEmpty() && config.hosts().stream().allMatch(HostConfig::isLibxl)) {
            return Future.succeededFuture();
        }
        return LibvirtEventLoop.install(vertx, counters).onSuccess(made -> {
            loop = made;
            libvirtLag = LoopLag.of(vertx, made.context());
            LibvirtConnection.silenceStandardError();
        });
    }

    int port() {
        return server.actualPort();
    }

    private JsonObject statsNow() {
        long total = stats.total();
        JsonObject now = new JsonObject()
                .put("loopLagMillis", Math.round(worstLagMillis() * 100) / 100.0)
                .put("eventsPerSecond", (total - lastTotal) * 1000 / STATS_MILLIS)
                .put("readers", hub.size());
        lastTotal = total;
        return now;
    }

    private double worstLagMillis() {
        return Math.max(lag.takeWorstMillis(), libvirtLag == null ? 0 : libvirtLag.takeWorstMillis());
    }

    private void fill(Metrics metrics) {
        metrics.events(stats);
        metrics.loop("agent", lag);
        if (loop != null) {
            metrics.loop("libvirt", libvirtLag);
            metrics.bridge(loop, counters);
        }
        metrics.readers(hub);
        metrics.clock(clock);
        metrics.output("out", output);
        metrics.output("err", errors);
        watcher.local().forEach(metrics::host);
    }
}
