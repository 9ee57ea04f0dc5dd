package io.osevent.agent;

import io.osevent.vertx.libvirt.ConsoleStream;
import io.osevent.vertx.libvirt.DomainAction;
import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.HostState;
import io.osevent.vertx.libvirt.HostStatus;
import io.osevent.vertx.libvirt.LibvirtFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** A host that another agent of the cluster serves. */
final class RemoteHost implements ServedHost {

    static final String ACTIONS = "osevent.act.";

    private static final Duration SILENCE = Duration.ofSeconds(6);

    private final Vertx vertx;
    private final HostSnapshot snapshot;
    private final Instant heard = Instant.now();

    RemoteHost(Vertx vertx, HostSnapshot snapshot) {
        this.vertx = vertx;
        this.snapshot = snapshot;
    }

    @Override
    public HostConfig config() {
        return snapshot.config();
    }

    @Override
    public HostStatus status() {
        if (Duration.between(heard, Instant.now()).compareTo(SILENCE) > 0) {
            return new HostStatus(HostState.DOWN, "its agent " + snapshot.url() + " is silent", heard);
        }
        return snapshot.status();
    }

    @Override
    public Collection<DomainSummary> domains() {
        return snapshot.domains();
    }

    @Override
    public Future<DomainSummary> act(String domain, DomainAction action) {
        JsonObject asked = new JsonObject().put("domain", domain).put("action", action.id());
        return vertx.eventBus()
                .<JsonObject>request(ACTIONS + id(), asked)
                .recover(cause -> Future.failedFuture(lost("its agent " + snapshot.url() + " does not answer")))
                .map(answer -> ActionAnswer.read(answer.body()));
    }

    @Override
    public Future<ConsoleStream> openConsole(String domain) {
        return ConsoleRelay.open(vertx, id(), domain, "its agent " + snapshot.url());
    }

    @Override
    public JsonObject more() {
        return new JsonObject().put("agent", snapshot.url());
    }

    private static LibvirtFailure lost(String message) {
        return new LibvirtFailure(LibvirtFailure.Kind.CONNECTION_LOST, "", "", message, null);
    }
}
