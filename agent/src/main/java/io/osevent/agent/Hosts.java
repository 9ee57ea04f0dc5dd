package io.osevent.agent;

import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.HostStatus;
import io.osevent.vertx.libvirt.ManagedHost;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The hosts that this agent serves. Filled before it is read. */
final class Hosts {

    /**
     * A host with its configuration.
     *
     * @param config what was asked for
     * @param managed what became of it
     */
    record Host(HostConfig config, ManagedHost managed) {}

    private final Map<String, Host> byId = new LinkedHashMap<>();

    void add(HostConfig config, ManagedHost managed) {
        byId.put(config.id(), new Host(config, managed));
    }

    Optional<Host> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<Host> all() {
        return byId.values();
    }

    JsonArray toJson() {
        JsonArray array = new JsonArray();
        byId.values().forEach(host -> array.add(describe(host)));
        return array;
    }

    JsonArray domainsToJson() {
        JsonArray array = new JsonArray();
        byId.values().forEach(host -> sorted(host).forEach(domain -> array.add(describe(host, domain))));
        return array;
    }

    /** Why not all is well, in a line per host. */
    List<String> complaints() {
        List<String> lines = new ArrayList<>();
        for (Host host : byId.values()) {
            HostStatus status = host.managed().status();
            if (!status.state().isConnected()) {
                lines.add("host " + host.config().id() + " is " + status.state().id()
                        + (status.reason().isEmpty() ? "" : ": " + status.reason()));
            }
        }
        return lines;
    }

    static JsonObject describe(HostConfig config, HostStatus status) {
        return new JsonObject()
                .put("id", config.id())
                .put("uri", config.uri())
                .put("state", status.state().id())
                .put("reason", status.reason())
                .put("since", status.since().toString());
    }

    private static JsonObject describe(Host host) {
        ManagedHost managed = host.managed();
        return describe(host.config(), managed.status())
                .put("connects", managed.connects())
                .put("probeMillis", managed.probeMillis())
                .put("domains", managed.domains().size());
    }

    static JsonObject describe(Host host, DomainSummary domain) {
        return new JsonObject()
                .put("host", host.config().id())
                .put("name", domain.name())
                .put("uuid", domain.uuid())
                .put("state", domain.state().name().toLowerCase(java.util.Locale.ROOT))
                .put("persistent", domain.persistent())
                // What is known of a host that is away may be out of date.
                .put("stale", !host.managed().status().state().isConnected());
    }

    private static Stream<DomainSummary> sorted(Host host) {
        return host.managed().domains().stream().sorted(Comparator.comparing(DomainSummary::name));
    }
}
