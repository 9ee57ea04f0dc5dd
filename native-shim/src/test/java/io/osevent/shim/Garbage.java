package io.osevent.shim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what the calling thread allocates. */
public final class Garbage {
    private static final int ROUNDS = 20_000;

    private Garbage() {}

    /** Fails if the work, once warm, allocates anything on this thread. */
    public static void assertNone(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long best = Long.MAX_VALUE;
        // The first rounds also pay for class loading and for the compiler's own doings
        for (int attempt = 0; attempt < 5; attempt++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < ROUNDS; i++) {
                work.run();
            }
            best = Math.min(best, threads.getThreadAllocatedBytes(id) - before);
        }
        long bytes = best;
        assertTrue(bytes < ROUNDS, () -> bytes + " bytes in " + ROUNDS + " rounds");
    }
}
