package io.osevent.agent;

import io.osevent.vertx.libvirt.ConsoleStream;
import io.osevent.vertx.libvirt.DomainAction;
import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.HostStatus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Locale;

/** A host as the API sees it, whichever agent serves it. */
interface ServedHost {

    HostConfig config();

    HostStatus status();

    Collection<DomainSummary> domains();

    Future<DomainSummary> act(String domain, DomainAction action);

    Future<ConsoleStream> openConsole(String domain);

    /** What only this kind of host has to say. */
    JsonObject more();

    default String id() {
        return config().id();
    }

    default JsonObject toJson() {
        return describe(config(), status()).put("domains", domains().size()).mergeIn(more());
    }

    default JsonObject toJson(DomainSummary domain) {
        return new JsonObject()
                .put("host", id())
                .put("name", domain.name())
                .put("uuid", domain.uuid())
                .put("state", domain.state().name().toLowerCase(Locale.ROOT))
                .put("persistent", domain.persistent())
                // What is known of a host that is away may be out of date.
                .put("stale", !status().state().isConnected());
    }

    static JsonObject describe(HostConfig config, HostStatus status) {
        return new JsonObject()
                .put("id", config.id())
                .put("uri", config.uri())
                .put("state", status.state().id())
                .put("reason", status.reason())
                .put("since", status.since().toString())
                .put("readOnly", config.readOnly())
                .put("consoles", config.hasConsoles());
    }
}
