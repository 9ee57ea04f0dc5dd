package io.osevent.bridge.sim;

import java.util.List;
import java.util.Locale;

/** Runs schedules. Loaded by {@link InterleavingLoader}, and spoken to in types of the JDK only. */
public final class Simulation {
    private static final long SCHEDULE_BOUND_MILLIS = 20_000;

    private Scheduler.Pool pool = new Scheduler.Pool();
    private long switches;

    /**
     * Runs schedules of consecutive seeds until one fails.
     *
     * @return null, or a message with the seed
     */
    public String run(long firstSeed, long count, String weakening) {
        for (long seed = firstSeed; seed != firstSeed + count; seed++) {
            String failure = runOne(seed, Weakening.valueOf(weakening));
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }

    private String runOne(long seed, Weakening weakening) {
        World world = new World(seed, weakening, pool, false);
        Throwable failure = world.scheduler.run(SCHEDULE_BOUND_MILLIS);
        switches += world.scheduler.switches();
        if (failure == null) {
            return null;
        }
        pool = new Scheduler.Pool();
        return "seed " + seed + ": " + describe(failure);
    }

    /** Runs one schedule and tells its course; the last line is its outcome. */
    public List<String> replay(long seed, String weakening) {
        World world = new World(seed, Weakening.valueOf(weakening), pool, true);
        Throwable failure = world.scheduler.run(SCHEDULE_BOUND_MILLIS);
        List<String> lines = new java.util.ArrayList<>(world.scheduler.trace());
        if (failure != null) {
            pool = new Scheduler.Pool();
        }
        lines.add("seed " + seed + ": " + (failure == null ? "passed" : "FAILED: " + describe(failure)));
        return lines;
    }

    /** A number that follows from every decision of a schedule. */
    public long fingerprint(long seed) {
        World world = new World(seed, Weakening.NONE, pool, false);
        Throwable failure = world.scheduler.run(SCHEDULE_BOUND_MILLIS);
        if (failure != null) {
            throw new IllegalStateException("seed " + seed, failure);
        }
        return world.scheduler.fingerprint();
    }

    /** Hand-overs from one simulated thread to another so far. */
    public long switches() {
        return switches;
    }

    private static String describe(Throwable failure) {
        if (failure instanceof AssertionError) {
            return failure.getMessage();
        }
        StringBuilder text = new StringBuilder(failure.toString());
        StackTraceElement[] trace = failure.getStackTrace();
        for (int i = 0; i < Math.min(8, trace.length); i++) {
            text.append(String.format(Locale.ROOT, "%n    at %s", trace[i]));
        }
        return text.toString();
    }
}
