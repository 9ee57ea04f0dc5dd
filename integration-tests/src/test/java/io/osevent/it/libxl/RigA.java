package io.osevent.it.libxl;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
    private static final long CLOSE_SECONDS = 20;

    /** More steps than any scenario has. */
    private static final int MOST_STEPS = 100;

    private final Vertx vertx;
    private final List<String> wanted;
    private final Sequences sequences = Sequences.load();
    private final Report report;

    private RigA(Vertx vertx, List<String> wanted, Report report) throws Exception {
        this.vertx = vertx;
        this.wanted = wanted;
        this.report = report;
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
        Rig.enter();
        Vertx vertx = Vertx.vertx(options);
        Report report = new Report(verbose);
        RigA rig = new RigA(vertx, wanted, report);
        for (int i = 0; i < repeat; i++) {
            rig.play(i);
        }
        if (rig.isWanted("xenstored", "xenstored_killed")) {
            report.attempt("xenstored_killed", rig::playXenstoredKilled);
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        System.exit(report.end() ? 0 : 1);
    }

    private boolean isWanted(String group, String name) {
        return wanted.isEmpty() ? !group.equals("leaking") : wanted.contains(group) || wanted.contains(name);
    }

    private void play(int round) {
        Scenarios.all().forEach((name, play) -> {
            if (isWanted("scenarios", name)) {
                report.attempt(name, () -> playWhole(name, play));
            }
        });
        Extras.all().forEach((name, play) -> {
            if (isWanted("extras", name)) {
                report.attempt(name, () -> playExtra(play));
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
                report.expectLeak();
                report.attempt(name, () -> playExtra(play));
            }
        });
    }

    /**
     * Whether libxl reads its dead watch before it is asked anything is a race. If it does, it speaks of a disaster, and
     * the context is broken, as it should be.
     */
    private void playXenstoredKilled() throws Exception {
        try {
            playWhole("xenstored_killed", Scenarios::xenstoredKilled);
        } catch (IllegalStateException | Trace.EndedException failure) {
            if (!String.valueOf(failure.getMessage()).contains("libxl is in trouble")) {
                throw failure;
            }
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
            report.attempt(name + " closed at step " + at, () -> {
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
}
