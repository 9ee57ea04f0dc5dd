package io.osevent.agent;

import io.osevent.vertx.libvirt.DomainAction;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The API. */
final class HttpApi {

    private final Hosts hosts;
    private final SseHub events;
    private final Access access;
    private final Audit audit;
    private final boolean tls;

    HttpApi(Hosts hosts, SseHub events, Access access, Audit audit, boolean tls) {
        this.hosts = hosts;
        this.events = events;
        this.access = access;
        this.audit = audit;
        this.tls = tls;
    }

    void mount(Router router) {
        router.get("/health").handler(this::health);
        router.post("/api/session").handler(this::logIn);
        router.delete("/api/session").handler(this::logOut);
        router.get("/api/session").handler(this::whoAmI);
        // All that is below shows something of the hosts.
        router.route("/api/*").handler(this::mayRead);
        router.get("/api/hosts").handler(ctx -> json(ctx, hosts.toJson()));
        router.get("/api/domains").handler(ctx -> json(ctx, hosts.domainsToJson()));
        router.get("/api/events").handler(this::stream);
        router.get("/api/hosts/:host/domains/:domain/console").handler(this::console);
        router.post("/api/hosts/:host/domains/:domain/:action").handler(this::act);
    }

    void mayRead(RoutingContext ctx) {
        access.refuseRead(ctx.request()).ifPresentOrElse(problem -> problem.send(ctx.response()), ctx::next);
    }

    private void health(RoutingContext ctx) {
        List<String> complaints = hosts.complaints();
        JsonObject body = new JsonObject()
                .put("status", complaints.isEmpty() ? "up" : "down")
                .put("reasons", new JsonArray(complaints));
        ctx.response().setStatusCode(complaints.isEmpty() ? 200 : 503);
        json(ctx, body);
    }

    private void act(RoutingContext ctx) {
        String word = ctx.pathParam("action");
        Optional<DomainAction> action = DomainAction.named(word);
        if (action.isEmpty()) {
            String known = String.join(
                    ", ",
                    Arrays.stream(DomainAction.values()).map(DomainAction::id).toList());
            Problem.of(404, "No such action", "'" + word + "' is none of " + known)
                    .send(ctx.response());
            return;
        }
        allowed(
                ctx,
                word,
                (host, note) -> host.act(ctx.pathParam("domain"), action.get()).onComplete(done -> {
                    if (done.succeeded()) {
                        note.accept("ok");
                        json(ctx, host.toJson(done.result()));
                    } else {
                        Problem problem = Problem.of(done.cause());
                        note.accept("failed " + problem.status() + " " + problem.detail());
                        problem.send(ctx.response());
                    }
                }));
    }

    private void console(RoutingContext ctx) {
        if (!"websocket".equalsIgnoreCase(ctx.request().getHeader("Upgrade"))) {
            Problem.of(426, "Upgrade required", "a console is a web socket").send(ctx.response());
            return;
        }
        allowed(ctx, "console", (host, note) -> {
            note.accept("opened");
            ConsoleSocket.serve(ctx.request(), host, ctx.pathParam("domain"));
        });
    }

    private interface Note {
        void accept(String outcome);
    }

    /** Finds the host, asks whether this may be, and keeps the audit. */
    private void allowed(RoutingContext ctx, String what, BiConsumer<ServedHost, Note> go) {
        HttpServerRequest request = ctx.request();
        String hostId = ctx.pathParam("host");
        Optional<ServedHost> host = hosts.find(hostId);
        if (host.isEmpty()) {
            Problem.of(404, "No such host", "no host '" + hostId + "'; see /api/hosts")
                    .send(ctx.response());
            return;
        }
        String actor = access.actor(request);
        String remote = request.remoteAddress().hostAddress();
        String domain = ctx.pathParam("domain");
        Note note = outcome -> audit.action(actor, remote, hostId, domain, what, outcome);
        Optional<Problem> refusal = access.refuseAction(request, host.get().config());
        if (refusal.isPresent()) {
            note.accept(
                    "refused " + refusal.get().status() + " " + refusal.get().title());
            refusal.get().send(ctx.response());
        } else {
            go.accept(host.get(), note);
        }
    }

    private void logIn(RoutingContext ctx) {
        String header = ctx.request().getHeader("Authorization");
        String secret = header == null ? "" : header.replaceFirst("(?i)^Bearer +", "");
        Optional<String> session = access.logIn(secret);
        if (session.isEmpty()) {
            Problem.of(401, "Unknown token", "the token given is none of this agent's")
                    .send(ctx.response());
            return;
        }
        ctx.response()
                .addCookie(Cookie.cookie(Sessions.COOKIE, session.get())
                        .setHttpOnly(true)
                        .setSecure(tls)
                        .setSameSite(CookieSameSite.STRICT)
                        .setPath("/")
                        .setMaxAge(Sessions.LIFE.toSeconds()))
                .setStatusCode(204)
                .end();
    }

    private void logOut(RoutingContext ctx) {
        access.logOut(ctx.request());
        ctx.response().removeCookie(Sessions.COOKIE);
        ctx.response().setStatusCode(204).end();
    }

    private void whoAmI(RoutingContext ctx) {
        json(ctx, access.describe(ctx.request()));
    }

    private void stream(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String header = request.getHeader("Last-Event-ID");
        String lastSeen = header == null ? request.getParam("lastEventId") : header;
        events.serve(request, lastSeen, request.getParam("replay"));
    }

    private static void json(RoutingContext ctx, Object body) {
        String text = body instanceof JsonArray array ? array.encode() : ((JsonObject) body).encode();
        ctx.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(text);
    }
}
