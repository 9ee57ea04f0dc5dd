package io.osevent.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A chart of horizontal bars, grouped by workload, one bar for each system, on a scale of powers of ten. */
final class SvgChart {
    private static final int LEFT = 210;
    private static final int PLOT = 470;
    private static final int RIGHT = 110;
    private static final int BAR = 13;
    private static final int GROUP_GAP = 22;
    private static final int TOP = 50;
    /** Colours that stay apart for colour-blind readers and on dark grounds (after Okabe and Ito). */
    private static final List<String> COLOURS = List.of(
            "#666666", "#E69F00", "#56B4E9", "#CC79A7", "#F0E442", "#009E73", "#0072B2", "#D55E00", "#7B61C4",
            "#2CA58D", "#A65628");

    private final String title;
    private final String axis;
    private final Map<String, Map<String, Bar>> groups = new LinkedHashMap<>();
    private final Set<String> systems = new LinkedHashSet<>();

    private record Bar(double length, String text) {}

    SvgChart(String title, String axis) {
        this.title = title;
        this.axis = axis;
    }

    void add(String group, String system, double length, String text) {
        systems.add(system);
        groups.computeIfAbsent(group, g -> new LinkedHashMap<>()).put(system, new Bar(length, text));
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    String render() {
        double least = bars().stream()
                .mapToDouble(Bar::length)
                .filter(length -> length > 0)
                .min()
                .orElse(1);
        double most = bars().stream().mapToDouble(Bar::length).max().orElse(1);
        double from = Math.floor(Math.log10(least));
        double to = Math.max(from + 1, Math.ceil(Math.log10(most) - 1e-9));
        List<String> order = new ArrayList<>(systems);
        StringBuilder body = new StringBuilder();
        int y = TOP;
        for (Map.Entry<String, Map<String, Bar>> group : groups.entrySet()) {
            int middle = y + group.getValue().size() * BAR / 2 + 4;
            body.append(text(LEFT - 140, middle, "end", group.getKey(), "font-weight=\"bold\""));
            for (Map.Entry<String, Bar> bar : group.getValue().entrySet()) {
                double length = Math.max(0, (Math.log10(bar.getValue().length()) - from) / (to - from)) * PLOT;
                body.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                        LEFT,
                        y + 1,
                        Math.max(1, length),
                        BAR - 2,
                        COLOURS.get(order.indexOf(bar.getKey()) % COLOURS.size())));
                body.append(text(LEFT - 4, y + BAR - 3, "end", bar.getKey(), ""));
                body.append(text(
                        (int) (LEFT + length + 4),
                        y + BAR - 3,
                        "start",
                        bar.getValue().text(),
                        ""));
                y += BAR;
            }
            y += GROUP_GAP;
        }
        StringBuilder grid = new StringBuilder();
        for (double power = from; power <= to; power++) {
            int x = (int) (LEFT + (power - from) / (to - from) * PLOT);
            grid.append("<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#bbb\" stroke-dasharray=\"2 3\"/>%n"
                    .formatted(x, x, TOP - 6, y - GROUP_GAP));
            grid.append(text(x, TOP - 10, "middle", MarkdownReport.digits(Math.pow(10, power)), ""));
        }
        int width = LEFT + PLOT + RIGHT;
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="-120 0 %d %d" \
                font-family="sans-serif" font-size="10" fill="#222">
                <rect x="-120" width="%d" height="%d" fill="#fff"/>
                %s%s%s%s</svg>
                """.formatted(
                        width + 120,
                        y,
                        width + 120,
                        y,
                        width + 120,
                        y,
                        text(LEFT, 16, "start", title, "font-size=\"14\" font-weight=\"bold\""),
                        text(LEFT, 29, "start", axis, "fill=\"#555\""),
                        grid,
                        body);
    }

    private List<Bar> bars() {
        return groups.values().stream()
                .flatMap(group -> group.values().stream())
                .toList();
    }

    private static String text(int x, int y, String anchor, String content, String attributes) {
        String escaped = content.replace("&", "&amp;").replace("<", "&lt;");
        return "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" %s>%s</text>%n".formatted(x, y, anchor, attributes, escaped);
    }
}
