package io.osevent.it.libxl;

import io.osevent.libxl.LibxlCounters;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Plays scenarios inside rig A, in one process, and reports each on a line of its own: {@code PASS name} or
 * {@code FAIL name: why}. What crossed between libxl and its host is printed at the end.
 *
 * <pre>RigA [--repeat N] [--close-at-every-step] [SCENARIO...]</pre>
 */
public final class RigA {
    static final String PASS = "PASS ";
    static final String FAIL = "FAIL ";

    private static final long CLOSE_SECONDS = 20;

    /** More steps than any scenario has. */
    private static final int MOST_STEPS = 100;

    private final Vertx vertx;
    private final Sequences sequences = Sequences.load();
    private final List<String> failures = new ArrayList<>();
    private int passed;

    private RigA(Vertx vertx) throws Exception {
        this.vertx = vertx;
    }

    /**
     * Exits with 1 if anything failed.
     *
     * @param arguments see above
     */
    public static void main(String[] arguments) throws Exception {
        int repeat = 1;
        boolean closing = false;
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--repeat" -> repeat = Integer.parseInt(arguments[++i]);
                case "--close-at-every-step" -> closing = true;
                default -> wanted.add(arguments[i]);
            }
        }
        Rig.enter();
        Vertx vertx = Vertx.vertx();
        RigA rig = new RigA(vertx);
        for (int i = 0; i < repeat; i++) {
            rig.play(wanted, closing);
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        System.exit(rig.report() ? 0 : 1);
    }

    private void play(List<String> wanted, boolean closing) {
        for (Map.Entry<String, Scenarios.Play> scenario : Scenarios.all().entrySet()) {
            String name = scenario.getKey();
            if (!wanted.isEmpty() && !wanted.contains(name)) {
                continue;
            }
            if (closing) {
                playClosing(name, scenario.getValue());
            } else {
                attempt(name, () -> playWhole(name, scenario.getValue()));
            }
        }
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private void attempt(String name, Attempt attempt) {
        long start = System.nanoTime();
        try {
            attempt.run();
            passed++;
            System.out.println(PASS + name + " (" + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms)");
        } catch (Exception | AssertionError e) {
            failures.add(name);
            System.out.println(FAIL + name + ": " + e);
            e.printStackTrace();
        }
    }

    private void playWhole(String name, Scenarios.Play play) throws Exception {
        try (Stage stage = new Stage(vertx, name, Stage.NEVER)) {
            play.run(stage);
            stage.finish();
            List<String> seen = stage.trace().lines();
            if (!sequences.holds(name, seen)) {
                throw new AssertionError(
                        "another sequence than recorded.\nseen: " + seen + "\nrecorded: " + sequences.describe(name));
            }
        }
    }

    /** Once for each line of its trace: there the context is closed, from inside the hook. */
    private void playClosing(String name, Scenarios.Play play) {
        boolean[] reached = {true};
        for (int step = 0; reached[0] && step < MOST_STEPS; step++) {
            int at = step;
            attempt(name + " closed at " + at, () -> {
                try (Stage stage = new Stage(vertx, name + " closed at " + at, at)) {
                    try {
                        play.run(stage);
                    } catch (Trace.EndedException closed) {
                        // As it should be
                    }
                    reached[0] = stage.trace().lines().size() > at;
                    stage.finish();
                }
            });
        }
    }

    private boolean report() {
        LibxlCounters.Counts counts = LibxlCounters.now();
        System.out.println(counts);
        boolean clean = counts.breaches() == 0
                && counts.fdsOpen() == 0
                && counts.timeoutsOpen() == 0
                && counts.contexts() == counts.freed();
        System.out.println(passed + " passed, " + failures.size() + " failed"
                + (failures.isEmpty() ? "" : ": " + failures) + "; breaches of libxl's contract: " + counts.breaches()
                + ", left open: " + counts.fdsOpen() + " fds, " + counts.timeoutsOpen() + " timeouts, "
                + (counts.contexts() - counts.freed()) + " contexts");
        return failures.isEmpty() && clean;
    }
}
