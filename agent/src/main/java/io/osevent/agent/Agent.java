package io.osevent.agent;

import io.osevent.vertx.libvirt.EventStreamOptions;
import io.osevent.vertx.libvirt.HostStatus;
import io.osevent.vertx.libvirt.LibvirtConnectOptions;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.osevent.vertx.libvirt.LibvirtEvent;
import io.osevent.vertx.libvirt.ManagedHost;
import io.osevent.vertx.libvirt.ManagedHostOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.PrintStream;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The agent: hosts on one side, HTTP on the other, all on one event loop. */
final class Agent extends VerticleBase {

    private final AgentConfig config;
    private final Hosts hosts = new Hosts();
    private final EventPrinter printer;
    private final Audit audit;
    private final EventHistory history;

    private SseHub hub;
    private LoopSeam loop;
    private HttpServer server;

    Agent(AgentConfig config, PrintStream out, PrintStream err) {
        this.config = config;
        this.printer = new EventPrinter(out);
        this.audit = new Audit(err);
        this.history = EventHistory.create(config.history());
    }

    @Override
    public Future<?> start() {
        hub = new SseHub(vertx, history, config.heartbeatMillis());
        Future<?> listening = listen();
        Future<?> watching = LoopSeam.install(vertx).onSuccess(installed -> {
            loop = installed;
            LibvirtConnection.silenceStandardError();
            config.hosts().forEach(this::watch);
        });
        return Future.all(listening, watching);
    }

    @Override
    public Future<?> stop() {
        List<Future<?>> ends = new ArrayList<>();
        hosts.all().forEach(host -> ends.add(host.managed().close()));
        if (server != null) {
            ends.add(server.close());
        }
        return Future.join(ends).transform(ignored -> loop == null ? Future.succeededFuture() : loop.close());
    }

    int port() {
        return server.actualPort();
    }

    private Future<?> listen() {
        OriginGuard guard = new OriginGuard(config.listen().host(), config.names());
        Router router = Router.router(vertx);
        new HttpApi(hosts, hub, new Access(config), audit).mount(router);
        router.errorHandler(
                404,
                ctx -> Problem.of(
                                404, "Not found", "nothing at " + ctx.request().path())
                        .send(ctx.response()));
        router.errorHandler(
                405,
                ctx -> Problem.of(
                                405,
                                "Method not allowed",
                                ctx.request().method() + " is not for "
                                        + ctx.request().path())
                        .send(ctx.response()));
        router.errorHandler(500, ctx -> Problem.of(ctx.failure()).send(ctx.response()));
        return vertx.createHttpServer(new HttpServerOptions())
                .requestHandler(request -> {
                    Optional<Problem> problem = guard.check(request);
                    if (problem.isPresent()) {
                        problem.get().send(request.response());
                    } else {
                        router.handle(request);
                    }
                })
                .listen(config.listen().port(), config.listen().host())
                .onSuccess(listening -> server = listening)
                .recover(cause -> Future.failedFuture(cannotListen(cause)));
    }

    private UserError cannotListen(Throwable cause) {
        String why =
                cause instanceof BindException ? "the address is in use or not of this machine" : cause.getMessage();
        return new UserError(
                UserError.FAILED,
                "cannot listen on " + config.listen() + ": " + why + " (choose another with --listen HOST:PORT)");
    }

    private void watch(HostConfig host) {
        LibvirtConnectOptions connect = new LibvirtConnectOptions(host.uri()).setReadOnly(host.readOnly());
        ManagedHost managed = ManagedHost.start(vertx, host.id(), new ManagedHostOptions(connect));
        hosts.add(host, managed);
        managed.statusHandler(status -> onStatus(host, status));
        managed.events(new EventStreamOptions().setCapacity(65_536)).handler(event -> onEvent(host, event));
    }

    private void onStatus(HostConfig host, HostStatus status) {
        printer.status(host.id(), status);
        history.add("host", Hosts.describe(host, status));
        hub.published();
    }

    private void onEvent(HostConfig host, LibvirtEvent event) {
        printer.event(host.id(), event);
        JsonObject json = new JsonObject().put("host", host.id()).mergeIn(event.toJson());
        history.add("", json);
        hub.published();
    }
}
