package io.osevent.it.libxl;

import io.osevent.libxl.LibxlCounters;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Plays scenarios inside rig A, in one process, and reports each on a line of its own: {@code PASS name} or
 * {@code FAIL name: why}. What crossed between libxl and its host is printed at the end.
 *
 * <pre>RigA [--repeat N] [--native-transport] [--verbose] [GROUP | SCENARIO]...</pre>
 *
 * <p>Groups: {@code scenarios}, {@code closing} (each scenario, closed at every step), {@code extras}, {@code leaking},
 * {@code xenstored} (the last, for it kills it). Without any: all but {@code leaking}, and {@code closing} in the first
 * round only.
 */
public final class RigA {
    static final String PASS = "PASS ";
    static final String FAIL = "FAIL ";

    /** Held, for a logger that nobody holds forgets its level. libxl's errors are what many plays are about. */
    private static final Logger LOG = Logger.getLogger("io.osevent");

    private static final long CLOSE_SECONDS = 20;

    /** More steps than any scenario has. */
    private static final int MOST_STEPS = 100;

    private final Vertx vertx;
    private final List<String> wanted;
    private final Sequences sequences = Sequences.load();
    private final List<String> failures = new ArrayList<>();
    private int passed;
    private int leaks;

    private RigA(Vertx vertx, List<String> wanted) throws Exception {
        this.vertx = vertx;
        this.wanted = wanted;
    }

    /**
     * Exits with 1 if anything failed.
     *
     * @param arguments see above
     */
    public static void main(String[] arguments) throws Exception {
        int repeat = 1;
        boolean verbose = false;
        VertxOptions options = new VertxOptions();
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--repeat" -> repeat = Integer.parseInt(arguments[++i]);
                case "--native-transport" -> options.setPreferNativeTransport(true);
                case "--verbose" -> verbose = true;
                default -> wanted.add(arguments[i]);
            }
        }
        LOG.setLevel(verbose ? Level.ALL : Level.OFF);
        Rig.enter();
        Vertx vertx = Vertx.vertx(options);
        RigA rig = new RigA(vertx, wanted);
        for (int i = 0; i < repeat; i++) {
            rig.play(i);
        }
        if (rig.isWanted("xenstored", "xenstored_killed")) {
            rig.attempt("xenstored_killed", () -> rig.playWhole("xenstored_killed", Scenarios::xenstoredKilled));
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        System.exit(rig.report() ? 0 : 1);
    }

    private boolean isWanted(String group, String name) {
        return wanted.isEmpty() ? !group.equals("leaking") : wanted.contains(group) || wanted.contains(name);
    }

    private void play(int round) {
        Scenarios.all().forEach((name, play) -> {
            if (isWanted("scenarios", name)) {
                attempt(name, () -> playWhole(name, play));
            }
        });
        Extras.all().forEach((name, play) -> {
            if (isWanted("extras", name)) {
                attempt(name, () -> playExtra(play));
            }
        });
        Scenarios.all().forEach((name, play) -> {
            // Two thirds of a round: once will do, unless it was asked for
            if (isWanted("closing", "closing " + name) && (round == 0 || !wanted.isEmpty())) {
                playClosing(name, play);
            }
        });
        Extras.leaking().forEach((name, play) -> {
            if (isWanted("leaking", name)) {
                leaks++;
                attempt(name, () -> playExtra(play));
            }
        });
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
            System.out.println(FAIL + name + ": " + String.valueOf(e).replace('\n', ' '));
            e.printStackTrace();
        }
    }

    private void playExtra(Extras.Play play) throws Exception {
        try (Rig rig = new Rig()) {
            play.run(vertx, rig);
        }
    }

    private void playWhole(String name, Scenarios.Play play) throws Exception {
        try (Stage stage = new Stage(vertx, name, Stage.NEVER)) {
            play.run(stage);
            stage.finish();
            List<String> seen = stage.trace().lines();
            if (!sequences.holds(name, seen)) {
                throw new AssertionError(
                        "another sequence than recorded; seen: " + seen + ", recorded: " + sequences.describe(name));
            }
        }
    }

    /** Once for each line of its trace: there the context is closed, from inside the hook. */
    private void playClosing(String name, Scenarios.Play play) {
        boolean[] reached = {true};
        for (int step = 0; reached[0] && step < MOST_STEPS; step++) {
            int at = step;
            attempt(name + " closed at step " + at, () -> {
                try (Stage stage = new Stage(vertx, name + " closed at step " + at, at)) {
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
        long unfreed = counts.contexts() - counts.freed();
        boolean clean = counts.breaches() == 0
                && unfreed == leaks
                && (leaks > 0 || counts.fdsOpen() == 0 && counts.timeoutsOpen() == 0);
        System.out.println(counts);
        System.out.println(passed + " passed, " + failures.size() + " failed"
                + (failures.isEmpty() ? "" : ": " + failures) + "; occurred_timeout twice: " + counts.timeoutTwice()
                + ", calls from inside a hook: " + counts.insideHook() + ", calls after free: " + counts.afterFree()
                + "; left open: " + counts.fdsOpen() + " fds, " + counts.timeoutsOpen() + " timeouts, " + unfreed
                + " contexts" + (leaks > 0 ? " (leaked on purpose: " + leaks + ")" : ""));
        return failures.isEmpty() && clean;
    }
}
