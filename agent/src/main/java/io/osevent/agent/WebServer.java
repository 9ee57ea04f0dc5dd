package io.osevent.agent;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.BindException;
import java.time.Duration;
import java.util.Optional;

/** The HTTP server with all that it serves. */
final class WebServer {

    /** More than the longest call to libvirt takes. */
    private static final long LEAST_IDLE_SECONDS = 40;

    private WebServer() {}

    static Future<HttpServer> listen(Vertx vertx, AgentConfig config, HttpApi api, Scrape scrape) {
        Router router = Router.router(vertx);
        api.mount(router);
        router.get("/metrics").handler(api::mayRead).handler(scrape::serve);
        StaticFiles.mount(router);
        router.errorHandler(404, ctx -> problem(ctx, 404, "Not found", "nothing at " + path(ctx)));
        router.errorHandler(
                405, ctx -> problem(ctx, 405, "Method not allowed", method(ctx) + " is not for " + path(ctx)));
        router.errorHandler(400, ctx -> problem(ctx, 400, "Bad request", "the path or the query is malformed"));
        router.errorHandler(500, ctx -> Problem.of(ctx.failure()).send(ctx.response()));
        OriginGuard guard = new OriginGuard(config.listen().host(), config.names());
        return vertx.createHttpServer(options(config))
                .requestHandler(request -> handle(guard, router, request))
                .listen(config.listen().port(), config.listen().host())
                .recover(cause -> Future.failedFuture(cannotListen(config, cause)));
    }

    private static void handle(OriginGuard guard, Router router, HttpServerRequest request) {
        request.response()
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Frame-Options", "DENY");
        Optional<Problem> problem = guard.check(request);
        if (problem.isPresent()) {
            problem.get().send(request.response());
        } else {
            router.handle(request);
        }
    }

    private static HttpServerOptions options(AgentConfig config) {
        HttpServerOptions options =
                new HttpServerOptions().setCompressionSupported(false).setIdleTimeout(idleSeconds(config.heartbeat()));
        config.tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(tls.certificate().toString())
                                .addKeyPath(tls.key().toString())));
        return options;
    }

    /**
     * A connection on which nothing moves is given up: a client that vanished, or never meant to end its request. Streams
     * and consoles have heartbeats, and no answer takes longer than a call to libvirt may.
     */
    private static int idleSeconds(Duration heartbeat) {
        return (int) Math.max(LEAST_IDLE_SECONDS, Math.min(4 * heartbeat.toSeconds(), Integer.MAX_VALUE));
    }

    private static UserError cannotListen(AgentConfig config, Throwable cause) {
        // Netty's native transports have an exception of their own for it.
        if (cause instanceof BindException || String.valueOf(cause.getMessage()).startsWith("bind(")) {
            return new UserError(
                    UserError.FAILED,
                    "cannot listen on " + config.listen()
                            + ": the address is in use or not of this machine (choose another with --listen HOST:PORT)");
        }
        String tls = config.tls().isPresent() ? " with TLS" : "";
        return new UserError(UserError.FAILED, "cannot listen on " + config.listen() + tls + ": " + cause.getMessage());
    }

    private static void problem(RoutingContext ctx, int status, String title, String detail) {
        Problem.of(status, title, detail).send(ctx.response());
    }

    private static String path(RoutingContext ctx) {
        return ctx.request().path();
    }

    private static String method(RoutingContext ctx) {
        return ctx.request().method().name();
    }
}
