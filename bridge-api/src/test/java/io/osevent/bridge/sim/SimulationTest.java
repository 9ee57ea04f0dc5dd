package io.osevent.bridge.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.bridge.ProofLog;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The whole core under seeded schedules. The number of schedules and the first seed are set by the system properties
 * {@code simulation.schedules} and {@code simulation.seed}; a failure names its seed, and
 * {@code bin/prove --seed S} replays it.
 */
class SimulationTest {
    private static final int CONTROL_SCHEDULES = 20_000;

    private final Simulator simulator = new Simulator();

    @Test
    @Timeout(540)
    void everyScheduleHolds() {
        long count = Long.getLong("simulation.schedules", 4_000);
        long first = Long.getLong("simulation.seed", 1);
        assertNull(simulator.run(first, count, Weakening.NONE));
        ProofLog.held("simulation", "simulation", count, "schedules");
    }

    @Test
    void aSeedGivesTheSameScheduleAgain() {
        List<String> course = simulator.replay(42, Weakening.NONE);
        assertEquals(course, new Simulator().replay(42, Weakening.NONE));
        assertTrue(course.get(course.size() - 1).endsWith("passed"), () -> String.join("\n", course));
        long fingerprint = simulator.fingerprint(43);
        assertEquals(fingerprint, simulator.fingerprint(43));
        assertNotEquals(fingerprint, simulator.fingerprint(44));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void theControlIsCaughtAndItsSeedReplays(Weakening weakening) {
        String failure = simulator.run(1, CONTROL_SCHEDULES, weakening);
        assertNotNull(failure, () -> weakening + " is not caught: the simulation proves nothing about it");
        long seed = Long.parseLong(failure.substring("seed ".length(), failure.indexOf(':')));
        List<String> course = simulator.replay(seed, weakening);
        String what =
                failure.substring(failure.indexOf(": ") + 2).lines().findFirst().orElseThrow();
        assertTrue(course.get(course.size() - 1).contains(what), () -> String.join("\n", course));
        ProofLog.caught("simulation-" + weakening, seed, "schedules", what);
    }
}
