package io.osevent.agent;

import io.osevent.vertx.libvirt.DomainState;
import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.HostState;
import io.osevent.vertx.libvirt.HostStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What one agent tells the others about a host.
 *
 * @param agent who tells: a node of the cluster
 * @param url where its page is
 * @param config the host
 * @param status its status
 * @param domains its domains
 */
record HostSnapshot(String agent, String url, HostConfig config, HostStatus status, List<DomainSummary> domains) {

    static HostSnapshot of(String agent, String url, LocalHost host) {
        return new HostSnapshot(agent, url, host.config(), host.status(), List.copyOf(host.domains()));
    }

    JsonObject toJson() {
        JsonArray all = new JsonArray();
        domains.forEach(domain -> all.add(toJson(domain)));
        return new JsonObject()
                .put("agent", agent)
                .put("url", url)
                .put("config", HostRegistry.toJson(config))
                .put("state", status.state().name())
                .put("reason", status.reason())
                .put("since", status.since().toString())
                .put("domains", all);
    }

    static HostSnapshot fromJson(JsonObject json) {
        List<DomainSummary> domains = new ArrayList<>();
        for (Object domain : json.getJsonArray("domains")) {
            domains.add(domain((JsonObject) domain));
        }
        return new HostSnapshot(
                json.getString("agent"),
                json.getString("url"),
                HostRegistry.fromJson(json.getJsonObject("config")),
                new HostStatus(
                        HostState.valueOf(json.getString("state")),
                        json.getString("reason"),
                        Instant.parse(json.getString("since"))),
                domains);
    }

    static JsonObject toJson(DomainSummary domain) {
        return new JsonObject()
                .put("uuid", domain.uuid())
                .put("name", domain.name())
                .put("state", domain.state().name())
                .put("persistent", domain.persistent());
    }

    static DomainSummary domain(JsonObject json) {
        return new DomainSummary(
                json.getString("uuid"),
                json.getString("name"),
                DomainState.valueOf(json.getString("state")),
                json.getBoolean("persistent"));
    }
}
