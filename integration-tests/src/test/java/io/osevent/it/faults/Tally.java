package io.osevent.it.faults;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was put in and what was seen of it, fault by fault. */
final class Tally {
    private static final int MOST_FAILURES = 20;

    private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
    private final Map<String, Integer> rounds = new LinkedHashMap<>();
    private final Map<String, Long> slowest = new LinkedHashMap<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    void add(Fault fault, Outcome outcome, long millis) {
        outcomes.merge(fault.name(), outcome, Outcome::plus);
        rounds.merge(fault.name(), 1, Integer::sum);
        slowest.merge(fault.name(), millis, Math::max);
        if (!outcome.isGood()) {
            fail(fault.name() + ": " + outcome);
        }
    }

    /** What this machine lacks is no failure, unless {@code CI=true} in the environment says that it lacks nothing. */
    void skip(Fault fault, String reason) {
        skipped.put(fault.name(), reason);
        if ("true".equals(System.getenv("CI"))) {
            fail(fault.name() + ": " + reason);
        }
    }

    void fail(String what) {
        if (failures.size() < MOST_FAILURES) {
            failures.add(what);
        }
    }

    boolean isGood() {
        return failures.isEmpty();
    }

    long lost() {
        return outcomes.values().stream().mapToLong(Outcome::lost).sum();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    JsonArray toJson(List<Fault> faults) {
        JsonArray rows = new JsonArray();
        for (Fault fault : faults) {
            Outcome outcome = outcomes.getOrDefault(fault.name(), Outcome.NONE);
            rows.add(new JsonObject()
                    .put("fault", fault.name())
                    .put("metric", fault.metric())
                    .put("rounds", rounds.getOrDefault(fault.name(), 0))
                    .put("injected", outcome.injected())
                    .put("expected", outcome.expected())
                    .put("seen", outcome.seen())
                    .put("events", outcome.delivered())
                    .put("lost", outcome.lost())
                    .put("slowestMillis", slowest.getOrDefault(fault.name(), 0L))
                    .put("skipped", skipped.get(fault.name())));
        }
        return rows;
    }
}
