package io.osevent.it.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The guide for operators and the suite name the same faults, and the guide's metrics are the agent's. */
class OperationsGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "operations.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z]+\\.[a-z-]+)` \\|(.*)\\|$");
    private static final Pattern METRIC = Pattern.compile("`(osevent_[a-z_]+)");

    @Test
    void eachFaultHasALineAndEachLineAFault() throws Exception {
        TreeSet<String> told = ROW.matcher(Files.readString(GUIDE))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> known = Catalogue.ALL.stream().map(Fault::name).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(known, told);
    }

    @Test
    void eachLineSaysWhatHappensWhatShowsItAndWhatToDo() throws Exception {
        ROW.matcher(Files.readString(GUIDE)).results().forEach(row -> {
            List<String> cells = List.of(row.group(2).split("\\|"));
            assertEquals(3, cells.size(), row.group());
            assertTrue(cells.stream().noneMatch(String::isBlank), row.group());
        });
    }

    @Test
    void eachMetricIsServed() throws Exception {
        TreeSet<String> told = METRIC.matcher(Files.readString(GUIDE))
                .results()
                .map(metric -> metric.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        // By callback and by kind of event: there only once one has come.
        told.remove("osevent_bridge_slow_callbacks_total");
        told.remove("osevent_events_total");
        told.remove("osevent_");
        try (AgentWorld agent = AgentWorld.start()) {
            Bounded.until(
                    "all metrics are there",
                    () -> agent.get("/metrics").body().contains("osevent_host_reconnects_total"));
            String served = agent.get("/metrics").body();
            for (String metric : told) {
                assertTrue(served.contains("\n" + metric), metric + " is not among\n" + served);
            }
        }
    }
}
