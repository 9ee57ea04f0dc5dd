package io.osevent.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One row of the results: the median of a system's rounds, and its ratio to C.
 *
 * <p>The ratio is the median of the rounds' own ratios, each of two values that were taken one after the other: a
 * machine that slows down for a while slows both. So it may differ a little from {@code value / cValue}, which are
 * medians of their own.
 *
 * @param key what was measured
 * @param who the system
 * @param value median over the rounds
 * @param least the smallest value of a round
 * @param most the largest value of a round
 * @param raw the rounds' values
 * @param cSystem whose value the ratio is to, or null if none was measured
 * @param cValue its median
 * @param cRaw its rounds' values
 * @param ratio median of the rounds' ratios, value to C's value, whichever direction is better
 * @param leastRatio the smallest ratio of a round
 * @param mostRatio the largest ratio of a round
 * @param extras further members of the peers' rows (p99, early, leastCallsPerFd), medians
 */
record Summary(
        Results.Key key,
        Results.Who who,
        double value,
        double least,
        double most,
        List<Double> raw,
        String cSystem,
        Double cValue,
        List<Double> cRaw,
        Double ratio,
        Double leastRatio,
        Double mostRatio,
        JsonObject extras) {

    private static final List<String> FIXED =
            List.of("workload", "system", "transport", "seam", "n", "k", "value", "unit");

    static Summary of(Results.Key key, Results.Who who, List<Sample> samples, List<Sample> limit) {
        List<Double> raw = samples.stream().map(Sample::value).toList();
        List<Double> cRaw = limit.stream().map(Sample::value).toList();
        List<Double> ratios = new ArrayList<>();
        for (Sample sample : samples) {
            limit.stream()
                    .filter(c -> c.round() == sample.round() && c.value() != 0)
                    .findFirst()
                    .ifPresent(c -> ratios.add(sample.value() / c.value()));
        }
        return new Summary(
                key,
                who,
                median(raw),
                raw.stream().mapToDouble(d -> d).min().orElseThrow(),
                raw.stream().mapToDouble(d -> d).max().orElseThrow(),
                raw,
                limit.isEmpty() ? null : limit.get(0).row().getString("system"),
                cRaw.isEmpty() ? null : median(cRaw),
                cRaw,
                ratios.isEmpty() ? null : median(ratios),
                ratios.isEmpty()
                        ? null
                        : ratios.stream().mapToDouble(d -> d).min().orElseThrow(),
                ratios.isEmpty()
                        ? null
                        : ratios.stream().mapToDouble(d -> d).max().orElseThrow(),
                extrasOf(samples));
    }

    private static JsonObject extrasOf(List<Sample> samples) {
        JsonObject extras = new JsonObject();
        for (String name : samples.get(0).row().fieldNames()) {
            if (!FIXED.contains(name)) {
                extras.put(
                        name,
                        median(samples.stream()
                                .map(sample -> sample.row().getDouble(name, 0.0))
                                .toList()));
            }
        }
        return extras;
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(d -> d).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Whether a larger value is the better one. */
    boolean moreIsBetter() {
        return isRate(key.unit());
    }

    static boolean isRate(String unit) {
        return unit.endsWith("/s") || unit.endsWith("/cpu-s");
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("workload", key.workload())
                .put("system", who.system())
                .put("transport", who.transport())
                .put("seam", who.seam())
                .put("n", key.n())
                .put("k", key.k())
                .put("value", value)
                .put("unit", key.unit())
                .put("cValue", cValue)
                .put("ratioToC", ratio)
                .put("cSystem", cSystem)
                .put("better", moreIsBetter() ? "more" : "less")
                .put("spread", new JsonArray(Arrays.asList(least, most)))
                .put("ratioSpread", ratio == null ? null : new JsonArray(Arrays.asList(leastRatio, mostRatio)))
                .put("raw", new JsonArray(new ArrayList<>(raw)))
                .put("cRaw", new JsonArray(new ArrayList<>(cRaw)))
                .mergeIn(extras);
    }
}
