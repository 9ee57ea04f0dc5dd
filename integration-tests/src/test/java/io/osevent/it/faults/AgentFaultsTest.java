package io.osevent.it.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent and its HTTP side under clients that are slow, gone, broken or hostile. */
class AgentFaultsTest {
    private static final RandomGenerator RANDOM = Seeds.random();

    private static World world;

    @BeforeAll
    static void open() {
        world = new World(true, new HashSet<>());
    }

    @AfterAll
    static void close() throws Exception {
        world.close();
    }

    static List<Fault> faults() {
        return Catalogue.AGENT;
    }

    @ParameterizedTest
    @MethodSource("faults")
    void survives(Fault fault) throws Exception {
        Outcome outcome = fault.scenario().inject(world, RANDOM);
        assertTrue(outcome.isGood(), fault + ": " + outcome + ", " + Seeds.line());
    }
}
