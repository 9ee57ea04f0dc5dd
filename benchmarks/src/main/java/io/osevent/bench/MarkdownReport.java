package io.osevent.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The results as Markdown: one table for each family, a column for each system, ratios to C with their spread. */
final class MarkdownReport {
    private static final Map<String, String> TITLES = new LinkedHashMap<>();

    static {
        TITLES.put("dispatch", "Dispatch: callbacks per second, K always readable of N registered");
        TITLES.put("chain", "Callback chain: each callback makes the next fd readable");
        TITLES.put("wake", "Wake-up of a sleeping loop, p50");
        TITLES.put("hook", "Hooks of fds, from a foreign thread, in random order");
        TITLES.put("timer-hook", "Hooks of timeouts");
        TITLES.put("lateness", "Lateness of timeouts, p50");
        TITLES.put("echo", "Fairness: an echo on the same loop under a flood of always readable fds");
        TITLES.put("memory", "Memory per live registration");
        TITLES.put("garbage", "Garbage: bytes allocated per event and per call of a hook");
        TITLES.put("java", "Java parts (JMH)");
        TITLES.put("start", "Start: until /health says 200");
        TITLES.put("contexts", "N native contexts, each with a worker and a ready fd, over K event loops");
        TITLES.put("remote", "End to end: lifecycle events of N remote connections through libvirtd");
    }

    private MarkdownReport() {}

    static String of(Map<String, String> machine, List<Summary> summaries, List<Results.Gap> gaps, boolean quick) {
        StringBuilder text = new StringBuilder("# Benchmarks\n\n");
        text.append(machine.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining("; ")))
                .append(quick ? "; a quick run" : "; a full run")
                .append(".\n\nEach cell is the ratio to the C column of the same run (median of the rounds' ratios),")
                .append(" its spread over the rounds in brackets, and the median value. For rates more is better,")
                .append(" for times and bytes less.\n");
        Map<String, List<Summary>> families = new LinkedHashMap<>();
        for (Summary summary : summaries) {
            families.computeIfAbsent(summary.key().family(), family -> new ArrayList<>())
                    .add(summary);
        }
        families.forEach((family, rows) -> appendTable(text, TITLES.getOrDefault(family, family), rows));
        if (!gaps.isEmpty()) {
            text.append("\n## Not measured\n\n| System | What | Why |\n|---|---|---|\n");
            for (Results.Gap gap : gaps) {
                text.append("| %s | %s | %s |%n".formatted(gap.system(), gap.what(), gap.why()));
            }
        }
        return text.toString();
    }

    private static void appendTable(StringBuilder text, String title, List<Summary> rows) {
        Set<Results.Who> systems = new LinkedHashSet<>();
        Map<Results.Key, Map<Results.Who, Summary>> cells = new LinkedHashMap<>();
        for (Summary row : rows) {
            systems.add(row.who());
            cells.computeIfAbsent(row.key(), key -> new LinkedHashMap<>()).put(row.who(), row);
        }
        text.append("\n## ").append(title).append("\n\n| | N | K |");
        systems.forEach(system -> text.append(' ').append(system.label()).append(" |"));
        text.append("\n|---|---|---|").append("---|".repeat(systems.size())).append('\n');
        cells.forEach((key, row) -> {
            text.append("| %s | %d | %d |".formatted(key.workload(), key.n(), key.k()));
            systems.forEach(
                    system -> text.append(' ').append(cell(row.get(system))).append(" |"));
            text.append('\n');
        });
    }

    private static String cell(Summary summary) {
        if (summary == null) {
            return "–";
        }
        String value = quantity(summary.value(), summary.key().unit());
        if (summary.ratio() == null || summary.who().system().equals(summary.cSystem())) {
            return value;
        }
        return "**%s** (%s–%s), %s"
                .formatted(digits(summary.ratio()), digits(summary.leastRatio()), digits(summary.mostRatio()), value);
    }

    static String quantity(double value, String unit) {
        if (Summary.isRate(unit) && value >= 1e6) {
            return digits(value / 1e6) + " M/s";
        }
        if (Summary.isRate(unit) && value >= 1e3) {
            return digits(value / 1e3) + " k/s";
        }
        return digits(value) + (unit.equals("ratio") ? "" : " " + unit.replace("us", "µs"));
    }

    /** Two significant digits at least, no exponent. */
    static String digits(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 0.095 ? "%.2f" : "%.4f";
        return String.format(Locale.ROOT, format, value);
    }
}
