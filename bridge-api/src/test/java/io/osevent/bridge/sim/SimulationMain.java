package io.osevent.bridge.sim;

import java.util.List;

/**
 * The simulation by hand: {@code SimulationMain --seed S} replays one schedule, {@code SimulationMain COUNT [FIRST]} runs
 * as many as wanted.
 */
public final class SimulationMain {
    private SimulationMain() {}

    public static void main(String[] arguments) {
        Weakening weakening = Weakening.valueOf(System.getProperty("weakening", "NONE"));
        Simulator simulator = new Simulator();
        if (arguments.length == 2 && arguments[0].equals("--seed")) {
            List<String> course = simulator.replay(Long.parseLong(arguments[1]), weakening);
            course.forEach(System.out::println);
            System.exit(course.get(course.size() - 1).endsWith("passed") ? 0 : 1);
        }
        long count = arguments.length > 0 ? Long.parseLong(arguments[0]) : 100_000;
        long first = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        long start = System.nanoTime();
        String failure = simulator.run(first, count, weakening);
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.println(failure == null ? count + " schedules passed" : failure);
        System.out.println(millis + " ms, " + simulator.switches() + " switches");
        System.exit(failure == null ? 0 : 1);
    }
}
