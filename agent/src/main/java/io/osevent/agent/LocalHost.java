package io.osevent.agent;

import io.osevent.vertx.libvirt.ConsoleStream;
import io.osevent.vertx.libvirt.DomainAction;
import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.HostStatus;
import io.osevent.vertx.libvirt.ManagedHost;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Collection;

/**
 * A host that this agent serves itself.
 *
 * @param config what was asked for
 * @param managed what became of it
 */
record LocalHost(HostConfig config, ManagedHost managed) implements ServedHost {

    @Override
    public HostStatus status() {
        return managed.status();
    }

    @Override
    public Collection<DomainSummary> domains() {
        return managed.domains();
    }

    @Override
    public Future<DomainSummary> act(String domain, DomainAction action) {
        return managed.act(domain, action);
    }

    @Override
    public Future<ConsoleStream> openConsole(String domain) {
        return managed.openConsole(domain, null);
    }

    @Override
    public JsonObject more() {
        return new JsonObject()
                .put("connects", managed.connects())
                .put("probeMillis", managed.probeMillis())
                .put("synthetic", managed.syntheticEvents())
                .put("dropped", managed.dropped());
    }
}
