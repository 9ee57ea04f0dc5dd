package io.osevent.it.libxl;

import io.osevent.libxl.LibxlCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Reports each play on a line of its own, and at the end what crossed between libxl and its host. */
public final class Report {
    static final String PASS = "PASS ";
    static final String FAIL = "FAIL ";

    /** Held, for a logger that nobody holds forgets its level. libxl's errors are what many plays are about. */
    private static final Logger LOG = Logger.getLogger("io.osevent");

    /** Something that passes unless it throws. */
    public interface Attempt {
        /** Passes if it returns. */
        void run() throws Exception;
    }

    private final List<String> failures = new ArrayList<>();
    private int passed;
    private int leaks;

    /**
     * Creates a report.
     *
     * @param verbose whether the bridge's log is shown
     */
    public Report(boolean verbose) {
        LOG.setLevel(verbose ? Level.ALL : Level.OFF);
    }

    /** Plays, and says how it went. */
    public void attempt(String name, Attempt attempt) {
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

    /** What follows leaks a context on purpose. */
    void expectLeak() {
        leaks++;
    }

    /** True if nothing failed, nothing is left open and no rule of libxl was broken. */
    public boolean end() {
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
