package io.osevent.agent;

import io.osevent.vertx.libvirt.DomainAction;
import io.osevent.vertx.libvirt.DomainSummary;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * One agent among others: serves the hosts that it wins, tells the others about them, and shows theirs. Used on the
 * agent's event loop.
 */
final class ClusterMember {

    /** What an agent knows of a host, as JSON. */
    static final String SNAPSHOTS = "osevent.snapshots";

    private static final long REPEAT_MILLIS = 2_000;
    private static final long SETTLE_MILLIS = 50;

    private final Vertx vertx;
    private final EventBus bus;
    private final Hosts hosts;
    private final Watcher watcher;
    private final Publisher publisher;
    private final HostRegistry registry;
    private final String self = UUID.randomUUID().toString();
    private String url = "";
    private boolean telling;

    ClusterMember(Vertx vertx, Hosts hosts, Watcher watcher, Publisher publisher) {
        this.vertx = vertx;
        this.bus = vertx.eventBus();
        this.hosts = hosts;
        this.watcher = watcher;
        this.publisher = publisher;
        this.registry = new HostRegistry(vertx, this::won);
    }

    Future<Void> join(String ownUrl, List<HostConfig> own) {
        url = ownUrl;
        publisher.signAs(self, this::changed);
        bus.<JsonObject>consumer(SNAPSHOTS, this::onSnapshot);
        bus.<JsonObject>consumer(Publisher.EVENTS, message -> onTold("", message));
        bus.<JsonObject>consumer(Publisher.HOSTS, message -> onTold("host", message));
        vertx.setPeriodic(REPEAT_MILLIS, ignored -> tell());
        return registry.open(own);
    }

    Future<Void> leave() {
        return registry.close();
    }

    private void won(HostConfig host) {
        // What the agent before knew is compared with what is found: nothing is missed in between.
        Collection<DomainSummary> known =
                hosts.find(host.id()).map(ServedHost::domains).orElse(List.of());
        watcher.watch(host, known);
        bus.<JsonObject>consumer(RemoteHost.ACTIONS + host.id(), this::onAction);
        bus.<JsonObject>consumer(
                ConsoleRelay.address(host.id()),
                message -> ConsoleRelay.serve(vertx, hosts.find(host.id()).orElseThrow(), message));
        tell();
    }

    private void onAction(Message<JsonObject> message) {
        String id = message.address().substring(RemoteHost.ACTIONS.length());
        JsonObject asked = message.body();
        DomainAction action = DomainAction.named(asked.getString("action")).orElseThrow();
        hosts.find(id)
                .orElseThrow()
                .act(asked.getString("domain"), action)
                .onComplete(done -> message.reply(ActionAnswer.write(done)));
    }

    /** Many changes in a moment are told once. */
    private void changed() {
        if (!telling) {
            telling = true;
            vertx.setTimer(SETTLE_MILLIS, ignored -> {
                telling = false;
                tell();
            });
        }
    }

    private void tell() {
        watcher.local()
                .forEach(host ->
                        bus.publish(SNAPSHOTS, HostSnapshot.of(self, url, host).toJson()));
    }

    private void onSnapshot(Message<JsonObject> message) {
        HostSnapshot snapshot = HostSnapshot.fromJson(message.body());
        if (!snapshot.agent().equals(self) && !watcher.watches(snapshot.config().id())) {
            hosts.put(new RemoteHost(vertx, snapshot));
        }
    }

    private void onTold(String name, Message<JsonObject> message) {
        if (!self.equals(message.body().getString(Publisher.SENDER))) {
            publisher.show(name, message.body().copy());
        }
    }
}
