package io.osevent.it.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** libvirt on our loop while its daemon has bad days; at the end, every event of a steady flow was heard. */
class LibvirtFaultsTest {
    private static final RandomGenerator RANDOM = Seeds.random();

    private static World world;

    @BeforeAll
    static void open() throws Exception {
        world = new World(true, new HashSet<>());
        world.libvirt();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    static List<Fault> faults() {
        return Stream.concat(Catalogue.LIBVIRT.stream(), Catalogue.LIFE.stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void survives(Fault fault) throws Exception {
        Outcome outcome = fault.scenario().inject(world, RANDOM);
        assertTrue(outcome.isGood(), fault + ": " + outcome + ", " + Seeds.line());
    }
}
