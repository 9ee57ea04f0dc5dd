package io.osevent.bench;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All samples of a run, and what could not be measured and why. */
final class Results {

    /** What one row of the report is about. */
    record Key(String family, String workload, long n, long k, String unit) {}

    /** Whose values they are. */
    record Who(String system, String transport, String seam) {
        String label() {
            return system.equals(PeerSpec.BRIDGE) ? system + " " + transport + " " + seam : system;
        }
    }

    /** What could not be measured. */
    record Gap(String system, String what, String why) {}

    private final Map<Key, Map<Who, List<Sample>>> samples = new LinkedHashMap<>();
    private final List<Gap> gaps = new ArrayList<>();

    void add(String family, int round, JsonObject row) {
        Key key = new Key(family, row.getString("workload"), row.getLong("n"), row.getLong("k"), row.getString("unit"));
        Who who = new Who(row.getString("system"), row.getString("transport"), row.getString("seam"));
        samples.computeIfAbsent(key, k -> new LinkedHashMap<>())
                .computeIfAbsent(who, w -> new ArrayList<>())
                .add(new Sample(round, row));
    }

    void addGap(String system, String what, String why) {
        gaps.add(new Gap(system, what, why));
    }

    List<Gap> gaps() {
        return gaps;
    }

    /** One summary for each key and system, in the order in which they were first measured. */
    List<Summary> summaries() {
        List<Summary> all = new ArrayList<>();
        samples.forEach((key, bySystem) -> {
            List<Sample> limit = limitOf(bySystem);
            bySystem.forEach((who, values) -> all.add(Summary.of(key, who, values, limit)));
        });
        return all;
    }

    /**
     * The C loop's samples; of workloads that need libvirt itself, those of C with libvirt's default loop; of what has no
     * equal in C, those of what is named in its place.
     */
    private static List<Sample> limitOf(Map<Who, List<Sample>> bySystem) {
        for (String system : List.of(PeerSpec.C_EPOLL, PeerSpec.LIBVIRT_DEFAULT, JmhBench.NETTY, StartBench.BARE)) {
            for (Map.Entry<Who, List<Sample>> entry : bySystem.entrySet()) {
                if (entry.getKey().system().equals(system)) {
                    return entry.getValue();
                }
            }
        }
        return List.of();
    }
}
