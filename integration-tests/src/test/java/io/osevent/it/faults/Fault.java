package io.osevent.it.faults;

import java.util.random.RandomGenerator;

/**
 * One thing that can go wrong.
 *
 * @param name a word for the group and one for the fault, as in {@code docs/operations.md}
 * @param metric what shows it to an operator
 * @param scenario puts it in, and watches
 */
record Fault(String name, String metric, Scenario scenario) {
    /** Puts a fault in once, bounded, and leaves nothing behind. */
    @FunctionalInterface
    interface Scenario {
        /**
         * @param world what there is to break
         * @param random where its choices come from
         * @return what was put in and what was seen
         * @throws Exception if the bridge did what it must not do
         */
        Outcome inject(World world, RandomGenerator random) throws Exception;
    }

    String group() {
        return name.substring(0, name.indexOf('.'));
    }

    @Override
    public String toString() {
        return name;
    }
}
