package io.osevent.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the bridge is meant to reach, and whether it did in a run: a line for each aim, judged for each transport and seam. */
final class Targets {
    private static final long MANY = 10_000;

    private final List<Summary> rows;
    private final List<Verdict> verdicts = new ArrayList<>();

    /** One aim's line. */
    private record Verdict(String what, String wanted, Map<String, String> met, Map<String, String> shortOf) {}

    private Targets(List<Summary> rows) {
        this.rows = rows;
    }

    /** The verdicts as a table in Markdown; aims that were not measured in this run are left out. */
    static String of(List<Summary> rows) {
        Targets targets = new Targets(rows);
        targets.dispatch();
        targets.wake();
        targets.hooks();
        targets.timers();
        targets.fairness();
        targets.memory();
        targets.rest();
        return targets.table();
    }

    private void dispatch() {
        for (int[] shape : new int[][] {{1, 1}, {1, 1024}, {64, 64}, {64, 1024}, {1024, 1024}, {100, 10_000}}) {
            boolean one = shape[0] == 1;
            Predicate<Summary> rowsOf = row("dispatch").and(shape(shape[1], shape[0]));
            String what = "dispatch, %d ready of %,d, ".formatted(shape[0], shape[1]);
            atLeast(what + "shim", rowsOf.and(seam("shim")), one ? 0.80 : 0.65);
            atLeast(what + "plain JNA", rowsOf.and(seam("jna")), one ? 0.55 : 0.48);
            double times = shape[1] == 1024 && shape[0] == 64 ? 20 : shape[1] == 10_000 ? 200 : 1;
            String wanted = times == 1 ? "not behind libvirt's loop" : "%.0f times libvirt's loop".formatted(times);
            judge(what + "both", wanted, rowsOf, row -> againstDefault(row), value -> value >= times);
        }
        atLeast("callback chain, shim", row("chain").and(seam("shim")), 0.85);
    }

    private void wake() {
        for (int n : new int[] {1, 1024, 10_000}) {
            String of = " of %,d".formatted(n);
            atMost("wake-up, placed by the scheduler, 1" + of, row("wake").and(shape(n, 1)), 1.4);
            atMost("wake-up, a CPU for each thread, 1" + of, row("wake-apart").and(shape(n, 1)), 1.4);
        }
    }

    private void hooks() {
        for (String loop : List.of("asleep", "awake")) {
            for (String call : List.of("add", "update", "remove")) {
                String name = "hook-" + call + "-" + loop;
                boolean remove = call.equals("remove");
                grows(name, row(name).and(n(MANY)));
                aheadOfDefault(name + " at 1,000", row(name).and(n(1000)), remove ? 1.5 : 1);
                if (remove) {
                    aheadOfDefault(name + " at 10,000", row(name).and(n(MANY)), 1);
                }
            }
        }
        for (String call : List.of("add", "update", "remove")) {
            for (int n : new int[] {10, 1000, 10_000}) {
                String name = "timer-hook-" + call;
                aheadOfDefault(name + " at %,d".formatted(n), row(name).and(n(n)), 1);
            }
        }
    }

    private void timers() {
        atMost("timeout list, disarm and arm, to Netty's cancel and schedule", row("timeouts-disarm-arm"), 1);
        atMost("timeout list, re-arm, to Netty's cancel and schedule", row("timeouts-rearm"), 1);
        Predicate<Summary> lateness = row -> row.key().family().equals("lateness");
        rows.stream()
                .filter(lateness)
                .map(row -> row.key().workload())
                .distinct()
                .forEach(name -> {
                    atMost(name + ", p50", row(name), 1.5);
                    judge(
                            name + ", early",
                            "never",
                            row(name),
                            row -> row.extras().getDouble("early", 0.0),
                            value -> value == 0);
                });
    }

    private void fairness() {
        judge(
                "echo beside a flood, p50 to its quiet time",
                "3 at most",
                row("echo-flood-over-idle"),
                Summary::value,
                value -> value <= 3);
        atMost("echo beside callbacks of 10 µs, p50", row("echo-flood-10us"), 1.5);
    }

    private void memory() {
        judge(
                "bytes for each live registration",
                "160 at most",
                row("memory-all"),
                Summary::value,
                value -> value <= 160);
        judge("kernel's bytes for each fd", "C's", row("memory-kernel"), Summary::ratio, value -> value <= 1.05);
        judge("garbage for each event, bytes", "0", row("garbage-event"), Summary::value, value -> value == 0);
        judge(
                "garbage for each hook beside the upcall's, bytes",
                "0",
                row("garbage-hook-update"),
                Summary::value,
                value -> value == 0);
    }

    private void rest() {
        atLeast(
                "events of 50 remote connections to handlers of the bridge's streams, to C with libvirt's loop",
                row("remote-stream-events").and(n(50)),
                0.9);
        atLeast(
                "events of 50 remote connections to libvirt-java's listeners, to C with libvirt's loop",
                row("remote-events").and(n(50)),
                0.9);
        judge(
                "agent's start, to a bare Vert.x server",
                "1.5 at most",
                row -> row.key().family().equals("start") && row.who().system().equals("agent"),
                Summary::ratio,
                value -> value <= 1.5);
    }

    // ---- judging ----------------------------------------------------------------------------------------------------

    private void atLeast(String what, Predicate<Summary> applies, double bound) {
        judge(what, "%.2f of C".formatted(bound), applies, Summary::ratio, value -> value >= bound);
    }

    private void atMost(String what, Predicate<Summary> applies, double bound) {
        judge(what, "%.1f times C at most".formatted(bound), applies, Summary::ratio, value -> value <= bound);
    }

    private void aheadOfDefault(String what, Predicate<Summary> applies, double bound) {
        String wanted = bound == 1 ? "ahead of libvirt's loop" : "%.1f times libvirt's loop".formatted(bound);
        judge(what, wanted, applies, row -> againstDefault(row), value -> value <= bound);
    }

    /** Nanoseconds that a call takes longer with many registrations than with ten, beside C's. */
    private void grows(String name, Predicate<Summary> applies) {
        judge(
                name + ", from 10 to 10,000",
                "1.1 times C's growth at most",
                applies,
                row -> growth(row) - 1.1 * growth(limit(row)),
                value -> value <= 0,
                row -> "%+.0f ns (C %+.0f)".formatted(growth(row), growth(limit(row))));
    }

    private void judge(
            String what,
            String wanted,
            Predicate<Summary> applies,
            Function<Summary, Double> measured,
            Predicate<Double> met) {
        judge(what, wanted, applies, measured, met, row -> MarkdownReport.digits(measured.apply(row)));
    }

    private void judge(
            String what,
            String wanted,
            Predicate<Summary> applies,
            Function<Summary, Double> measured,
            Predicate<Double> met,
            Function<Summary, String> shown) {
        Map<String, String> good = new LinkedHashMap<>();
        Map<String, String> bad = new LinkedHashMap<>();
        for (Summary row : rows) {
            boolean ours = row.who().system().equals(PeerSpec.BRIDGE)
                    || row.who().system().equals("agent");
            if (!ours || !applies.test(row)) {
                continue;
            }
            Double value = measured.apply(row);
            if (value != null && !value.isNaN()) {
                (met.test(value) ? good : bad).put(name(row.who()), shown.apply(row));
            }
        }
        if (good.size() + bad.size() > 0) {
            verdicts.add(new Verdict(what, wanted, good, bad));
        }
    }

    private static String name(Results.Who who) {
        return who.system().equals(PeerSpec.BRIDGE) && !who.transport().equals("java")
                ? who.transport() + " " + who.seam()
                : "";
    }

    /** The median to that of libvirt's default loop in the same run; null if that was not measured. */
    private Double againstDefault(Summary row) {
        return find(row.key(), PeerSpec.LIBVIRT_DEFAULT)
                .map(other -> row.value() / other.value())
                .orElse(null);
    }

    private Summary limit(Summary row) {
        return find(row.key(), PeerSpec.C_EPOLL).orElse(row);
    }

    /** How much longer a call takes than with 10 registrations. */
    private double growth(Summary row) {
        return rows.stream()
                .filter(few -> few.who().equals(row.who()) && few.key().n() == 10)
                .filter(few -> few.key().workload().equals(row.key().workload()))
                .mapToDouble(few -> row.value() - few.value())
                .findFirst()
                .orElse(Double.NaN);
    }

    private Optional<Summary> find(Results.Key key, String system) {
        return rows.stream()
                .filter(row -> row.key().equals(key) && row.who().system().equals(system))
                .findFirst();
    }

    private static Predicate<Summary> row(String workload) {
        return row -> row.key().workload().equals(workload);
    }

    private static Predicate<Summary> n(long n) {
        return row -> row.key().n() == n;
    }

    private static Predicate<Summary> shape(long n, long k) {
        return row -> row.key().n() == n && row.key().k() == k;
    }

    private static Predicate<Summary> seam(String seam) {
        return row -> row.who().seam().equals(seam);
    }

    // ---- the table --------------------------------------------------------------------------------------------------

    private String table() {
        long met =
                verdicts.stream().filter(verdict -> verdict.shortOf().isEmpty()).count();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d of %d lines are met on every transport and seam that was measured.%n%n",
                met,
                verdicts.size()));
        text.append("| What | Wanted | Met | Short |\n|---|---|---|---|\n");
        for (Verdict verdict : verdicts) {
            text.append("| %s | %s | %s | %s |%n"
                    .formatted(verdict.what(), verdict.wanted(), list(verdict.met()), list(verdict.shortOf())));
        }
        return text.toString();
    }

    private static String list(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> (entry.getKey() + " " + entry.getValue()).strip())
                .collect(Collectors.joining(", "));
    }
}
