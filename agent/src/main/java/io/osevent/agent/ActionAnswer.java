package io.osevent.agent;

import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.LibvirtFailure;
import io.vertx.core.AsyncResult;
import io.vertx.core.json.JsonObject;

/** How an action went, on the way from one agent to another. */
final class ActionAnswer {

    private ActionAnswer() {}

    static JsonObject write(AsyncResult<DomainSummary> done) {
        if (done.succeeded()) {
            return new JsonObject().put("domain", HostSnapshot.toJson(done.result()));
        }
        return failure(done.cause());
    }

    static JsonObject failure(Throwable cause) {
        if (cause instanceof LibvirtFailure failure) {
            return new JsonObject()
                    .put("kind", failure.kind().name())
                    .put("code", failure.code())
                    .put("from", failure.domain())
                    .put("message", failure.getMessage());
        }
        return new JsonObject()
                .put("kind", LibvirtFailure.Kind.OTHER.name())
                .put("code", "")
                .put("from", "")
                .put("message", String.valueOf(cause.getMessage()));
    }

    static DomainSummary read(JsonObject answer) {
        throwIfFailed(answer);
        return HostSnapshot.domain(answer.getJsonObject("domain"));
    }

    static void throwIfFailed(JsonObject answer) {
        if (!answer.containsKey("kind")) {
            return;
        }
        throw new LibvirtFailure(
                LibvirtFailure.Kind.valueOf(answer.getString("kind")),
                answer.getString("code"),
                answer.getString("from"),
                answer.getString("message"),
                null);
    }
}
