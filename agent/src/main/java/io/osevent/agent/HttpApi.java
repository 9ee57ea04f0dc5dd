package io.osevent.agent;

import io.osevent.vertx.libvirt.DomainAction;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The API. */
final class HttpApi {

    private final Hosts hosts;
    private final SseHub events;
    private final Access access;
    private final Audit audit;

    HttpApi(Hosts hosts, SseHub events, Access access, Audit audit) {
        this.hosts = hosts;
        this.events = events;
        this.access = access;
        this.audit = audit;
    }

    void mount(Router router) {
        router.get("/health").handler(this::health);
        router.get("/api/hosts").handler(ctx -> json(ctx, hosts.toJson()));
        router.get("/api/domains").handler(ctx -> json(ctx, hosts.domainsToJson()));
        router.get("/api/events").handler(ctx -> events.serve(ctx.request(), lastSeen(ctx.request())));
        router.post("/api/hosts/:host/domains/:domain/:action").handler(this::act);
    }

    private void health(RoutingContext ctx) {
        List<String> complaints = hosts.complaints();
        JsonObject body = new JsonObject()
                .put("status", complaints.isEmpty() ? "up" : "down")
                .put("reasons", new JsonArray(complaints));
        ctx.response()
                .setStatusCode(complaints.isEmpty() ? 200 : 503)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(body.encode());
    }

    private void act(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        HttpServerResponse response = ctx.response();
        String hostId = ctx.pathParam("host");
        String domain = ctx.pathParam("domain");
        String word = ctx.pathParam("action");
        Optional<Hosts.Host> host = hosts.find(hostId);
        if (host.isEmpty()) {
            Problem.of(404, "No such host", "no host '" + hostId + "'; see /api/hosts")
                    .send(response);
            return;
        }
        Optional<DomainAction> action = DomainAction.named(word);
        if (action.isEmpty()) {
            String known = String.join(
                    ", ",
                    Arrays.stream(DomainAction.values()).map(DomainAction::id).toList());
            Problem.of(404, "No such action", "'" + word + "' is none of " + known)
                    .send(response);
            return;
        }
        String actor = access.actor(request);
        String remote = String.valueOf(request.remoteAddress().hostAddress());
        Optional<Problem> refusal = access.refuseAction(request, host.get().config());
        if (refusal.isPresent()) {
            audit.action(
                    actor,
                    remote,
                    hostId,
                    domain,
                    word,
                    "refused " + refusal.get().status());
            refusal.get().send(response);
            return;
        }
        host.get().managed().act(domain, action.get()).onComplete(done -> {
            if (done.succeeded()) {
                audit.action(actor, remote, hostId, domain, word, "ok");
                json(ctx, Hosts.describe(host.get(), done.result()));
            } else {
                Problem problem = Problem.of(done.cause());
                audit.action(
                        actor, remote, hostId, domain, word, "failed " + problem.status() + " " + problem.detail());
                problem.send(response);
            }
        });
    }

    private static String lastSeen(HttpServerRequest request) {
        String header = request.getHeader("Last-Event-ID");
        return header == null ? request.getParam("lastEventId") : header;
    }

    private static void json(RoutingContext ctx, Object body) {
        String text = body instanceof JsonArray array ? array.encode() : ((JsonObject) body).encode();
        ctx.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(text);
    }
}
