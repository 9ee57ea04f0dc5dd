package io.osevent.it.faults;

import java.util.Random;
import java.util.random.RandomGenerator;

/** The seed of a test run: a new one each time, or {@code -Dosevent.faults.seed=N} to see one again. */
final class Seeds {
    private static final String PROPERTY = "osevent.faults.seed";
    private static final long SEED = Long.getLong(PROPERTY, System.nanoTime());

    private Seeds() {}

    static RandomGenerator random() {
        return new Random(SEED);
    }

    static String line() {
        return "seen with -D" + PROPERTY + "=" + SEED;
    }
}
