package io.osevent.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs all systems side by side over all workloads and writes what came out. {@code bin/bench} starts it. */
public final class Bench {
    private Bench() {}

    /**
     * Measures, and writes {@code results.json}, {@code machine.json}, {@code results.md}, {@code targets.md} and the charts.
     *
     * @param arguments see {@code bin/bench --help}
     */
    public static void main(String[] arguments) {
        try {
            run(Options.parse(arguments));
        } catch (Options.UsageException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            System.err.println("bench: cannot write results: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Options options) throws IOException {
        long start = System.nanoTime();
        Files.createDirectories(options.output());
        Map<String, String> machine = Machine.describe();
        Results results = new Results();
        List<PeerSpec> specs = Catalogue.of(options, results);
        List<Workload> plan = Plan.of(options);
        boolean remote = plan.stream().anyMatch(Workload::remote);
        try (RemoteDaemon daemon = remote ? new RemoteDaemon(options.nativeDirectory(), options.output()) : null;
                Runner runner = new Runner(options, specs, results, daemon)) {
            for (Workload workload : plan) {
                long begun = System.nanoTime();
                runner.run(workload);
                System.out.printf("%-40s %6.1f s%n", workload.setup(), (System.nanoTime() - begun) / 1e9);
            }
        }
        if (options.wantsWorkload(JmhBench.FAMILY)) {
            new JmhBench(options, results).run();
        }
        if (options.wantsWorkload(StartBench.FAMILY)) {
            new StartBench(options, results).run();
        }
        write(options.output(), machine, results, options.quick());
        System.out.printf(
                "%d rows, %d gaps, %.0f s: %s%n",
                results.summaries().size(),
                results.gaps().size(),
                (System.nanoTime() - start) / 1e9,
                options.output().resolve("results.md"));
    }

    private static void write(Path output, Map<String, String> machine, Results results, boolean quick)
            throws IOException {
        List<Summary> summaries = results.summaries();
        JsonArray rows = new JsonArray();
        summaries.forEach(summary -> rows.add(summary.toJson()));
        Files.writeString(output.resolve("results.json"), rows.encodePrettily() + "\n");
        JsonArray gaps = new JsonArray();
        results.gaps()
                .forEach(gap -> gaps.add(new JsonObject()
                        .put("system", gap.system())
                        .put("what", gap.what())
                        .put("why", gap.why())));
        Files.writeString(
                output.resolve("machine.json"),
                new JsonObject().put("machine", machine).put("gaps", gaps).encodePrettily() + "\n");
        Files.writeString(output.resolve("results.md"), MarkdownReport.of(machine, summaries, results.gaps(), quick));
        Files.writeString(output.resolve("targets.md"), Targets.of(summaries));
        for (Map.Entry<String, String> chart : Charts.of(summaries).entrySet()) {
            Files.writeString(output.resolve(chart.getKey() + ".svg"), chart.getValue());
        }
    }
}
