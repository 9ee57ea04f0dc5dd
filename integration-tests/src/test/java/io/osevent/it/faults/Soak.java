package io.osevent.it.faults;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * Puts faults in at random, from a seed, for as long as one likes, while events flow; at the end nothing may be lost and
 * nothing may be left. The first round puts each fault in once, in random order, and is not measured for leaks: whatever a
 * process makes once and keeps is made in it.
 */
final class Soak {
    /** A fault that takes longer has hung, whatever its own bounds say. */
    private static final long FAULT_BOUND_MINUTES = 4;

    private static final int FAILED = 1;
    private static final int USAGE = 64;

    private final SoakOptions options;
    private final PrintStream out;
    private final Random random;
    private final List<Fault> faults;
    private final Set<String> had = new HashSet<>();
    private final Tally tally = new Tally();
    private Leaks leaks;

    Soak(SoakOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.random = new Random(options.seed());
        this.faults = Catalogue.ALL.stream().filter(options::picks).toList();
    }

    /**
     * Runs from the command line.
     *
     * @param args see {@link SoakOptions}
     * @throws Exception if the result cannot be written
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 1 && args[0].equals("--list")) {
            Catalogue.ALL.forEach(fault -> System.out.printf("%-36s %s%n", fault.name(), fault.metric()));
            return;
        }
        SoakOptions options;
        try {
            options = SoakOptions.parse(List.of(args));
        } catch (SoakOptions.BadOption e) {
            System.err.println("soak: " + e.getMessage());
            System.exit(USAGE);
            return;
        }
        Soak soak = new Soak(options, System.out);
        if (soak.faults.isEmpty()) {
            System.err.println("soak: no fault is named so; see --list");
            System.exit(USAGE);
        }
        boolean good = soak.run();
        // Also ends what a failed fault has left running.
        System.exit(good ? 0 : FAILED);
    }

    /** True if nothing was lost, nothing is left, and each fault showed as often as it had to. */
    boolean run() throws Exception {
        out.printf(
                "soak: %d faults, %d s, --seed %d%n",
                faults.size(), options.duration().toSeconds(), options.seed());
        long start = System.nanoTime();
        try (World world = new World(false, had)) {
            List<Fault> first = new ArrayList<>(faults);
            Collections.shuffle(first, random);
            for (Fault fault : first) {
                inject(world, fault);
            }
        }
        Leaks before = Leaks.now();
        long end = start + options.duration().toNanos();
        if (System.nanoTime() - end < 0) {
            try (World world = new World(false, had)) {
                while (System.nanoTime() - end < 0) {
                    inject(world, faults.get(random.nextInt(faults.size())));
                }
            }
        }
        leaks = Leaks.since(before);
        if (!leaks.isNone()) {
            tally.fail("left behind: " + leaks);
        }
        JsonObject result = toJson(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
        print(result);
        if (options.json().isPresent()) {
            write(options.json().get(), result);
        }
        return tally.isGood();
    }

    List<String> failures() {
        return tally.failures();
    }

    private void inject(World world, Fault fault) {
        long before = System.nanoTime();
        Watchdog watchdog = new Watchdog(fault.name(), FAULT_BOUND_MINUTES);
        try {
            Outcome outcome = fault.scenario().inject(world, random);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
            tally.add(fault, outcome, millis);
            out.printf("soak: %-36s %6d ms  %s%n", fault.name(), millis, outcome.isGood() ? "ok" : outcome);
        } catch (TestAbortedException e) {
            tally.skip(fault, e.getMessage());
            out.printf("soak: %-36s skipped: %s%n", fault.name(), e.getMessage());
        } catch (Exception | AssertionError e) {
            tally.fail(fault.name() + ": " + e);
            out.printf("soak: %-36s FAILED %s%n", fault.name(), e);
            e.printStackTrace(out);
        } finally {
            watchdog.calm();
        }
    }

    private JsonObject toJson(long seconds) {
        return new JsonObject()
                .put("seed", options.seed())
                .put("seconds", seconds)
                .put("good", tally.isGood())
                .put("lost", tally.lost())
                .put("leaked", leaks.objects())
                .put(
                        "leaks",
                        new JsonObject()
                                .put("registrations", leaks.registrations())
                                .put("threads", Leaks.sum(leaks.threads()))
                                .put("fds", Leaks.sum(leaks.fds()))
                                .put("nativeBytes", leaks.nativeBytes()))
                .put("failures", new JsonArray(tally.failures()))
                .put("faults", tally.toJson(faults));
    }

    private void print(JsonObject result) {
        out.printf(
                "%-36s %8s %8s %8s %8s %8s %6s%n", "fault", "rounds", "injected", "expected", "seen", "events", "lost");
        for (Object each : result.getJsonArray("faults")) {
            JsonObject row = (JsonObject) each;
            out.printf(
                    "%-36s %8d %8d %8d %8d %8d %6d%n",
                    row.getString("fault"),
                    row.getLong("rounds"),
                    row.getLong("injected"),
                    row.getLong("expected"),
                    row.getLong("seen"),
                    row.getLong("events"),
                    row.getLong("lost"));
        }
        out.printf("soak: %d s, lost %d, left behind: %s%n", result.getLong("seconds"), tally.lost(), leaks);
        tally.failures().forEach(failure -> out.println("soak: FAILED " + failure));
        out.println(tally.isGood() ? "soak: good" : "soak: FAILED, --seed " + options.seed());
    }

    private static void write(Path file, JsonObject result) throws IOException {
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        Files.writeString(file, result.encodePrettily() + "\n");
    }
}
