package io.osevent.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The charts that the README shows: one for each family, bars in the value's own unit. */
final class Charts {
    private static final Map<String, String> TITLES = Map.of(
            "dispatch", "Dispatch: callbacks per second (more is better)",
            "chain", "Callback chain: callbacks per second (more is better)",
            "wake", "Wake-up of a sleeping loop: p50 in microseconds (less is better)",
            "hook", "Hooks of fds: nanoseconds per call (less is better)",
            "timer-hook", "Hooks of timeouts: nanoseconds per call (less is better)",
            "lateness", "Lateness of timeouts: p50 in microseconds (less is better)",
            "echo", "Echo beside a flood: p50 (less is better)",
            "remote", "End to end through libvirtd");

    private Charts() {}

    static Map<String, String> of(List<Summary> summaries) {
        Map<String, SvgChart> charts = new LinkedHashMap<>();
        for (Summary summary : summaries) {
            String family = summary.key().family();
            // The rows per second of CPU time would only repeat those per second.
            if (!TITLES.containsKey(family)
                    || summary.value() <= 0
                    || summary.key().unit().endsWith("/cpu-s")) {
                continue;
            }
            // Rates and costs of one family do not share a scale.
            String chart = family.equals("remote") ? "remote-" + (summary.moreIsBetter() ? "events" : "cpu") : family;
            String title = family.equals("remote")
                    ? TITLES.get(family) + (summary.moreIsBetter() ? ": events per second" : ": CPU time per event")
                    : TITLES.get(family);
            charts.computeIfAbsent(
                            chart,
                            name -> new SvgChart(
                                    title, "logarithmic scale; in brackets the ratio to C of the same run"))
                    .add(group(summary.key()), summary.who().label(), summary.value(), label(summary));
        }
        Map<String, String> rendered = new LinkedHashMap<>();
        charts.forEach((name, chart) -> rendered.put(name, chart.render()));
        return rendered;
    }

    private static String group(Results.Key key) {
        String shape = key.k() == 0 || key.family().equals("lateness") ? "" : " " + key.k() + "/" + key.n();
        return key.workload() + (shape.isEmpty() && key.n() > 1 ? " " + key.n() : shape);
    }

    private static String label(Summary summary) {
        String value = MarkdownReport.quantity(summary.value(), summary.key().unit());
        return summary.ratio() == null || summary.who().system().equals(summary.cSystem())
                ? value
                : value + " (" + MarkdownReport.digits(summary.ratio()) + ")";
    }
}
