package io.osevent.agent;

import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.HostStatus;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The hosts that the API shows. */
final class Hosts {

    private final Map<String, ServedHost> byId = new ConcurrentHashMap<>();

    void put(ServedHost host) {
        byId.put(host.id(), host);
    }

    void remove(String id) {
        byId.remove(id);
    }

    Optional<ServedHost> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<ServedHost> all() {
        return byId.values();
    }

    JsonArray toJson() {
        JsonArray array = new JsonArray();
        sorted().forEach(host -> array.add(host.toJson()));
        return array;
    }

    JsonArray domainsToJson() {
        JsonArray array = new JsonArray();
        sorted().forEach(host -> host.domains().stream()
                .sorted(Comparator.comparing(DomainSummary::name))
                .forEach(domain -> array.add(host.toJson(domain))));
        return array;
    }

    /** Why not all is well, in a line per host. */
    List<String> complaints() {
        List<String> lines = new ArrayList<>();
        sorted().forEach(host -> {
            HostStatus status = host.status();
            if (!status.state().isConnected()) {
                lines.add("host " + host.id() + " is " + status.state().id()
                        + (status.reason().isEmpty() ? "" : ": " + status.reason()));
            }
        });
        return lines;
    }

    private Stream<ServedHost> sorted() {
        return byId.values().stream().sorted(Comparator.comparing(ServedHost::id));
    }
}
