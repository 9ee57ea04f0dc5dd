package io.osevent.it.faults;

import io.osevent.it.libxl.RigA;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.opentest4j.TestAbortedException;

/** libxl's bad days, each in a process inside rig A: the real libxl and xenstored, without a hypervisor. */
final class LibxlFaults {
    private static final List<Path> RUN =
            List.of(Path.of("src", "rig-a", "run.sh"), Path.of("integration-tests", "src", "rig-a", "run.sh"));
    private static final List<String> CLOSED = List.of(
            "domain_death",
            "disk_eject",
            "nic_add",
            "nic_remove",
            "disk_add",
            "ao_abort",
            "domain_destroy",
            "domain_shutdown");
    private static final String PASS = "PASS ";
    private static final String FAIL = "FAIL ";
    private static final int NO_RIG = 125;
    private static final long BOUND_SECONDS = 180;

    private LibxlFaults() {}

    /** A context is closed from inside a hook, at each step of an operation. */
    static Outcome closedAtEachStep(World world, RandomGenerator random) throws Exception {
        return play(random, "closing " + CLOSED.get(random.nextInt(CLOSED.size())));
    }

    /** A context is closed while a thread blocks inside libxl, from a handler, with its verticle, with its Vert.x. */
    static Outcome closedBeside(World world, RandomGenerator random) throws Exception {
        return play(
                random,
                "closed while calls block",
                "close from a handler",
                "closed with its verticle",
                "closed with its Vert.x");
    }

    /** A backend that never answers: libxl's own time-outs end the operation. */
    static Outcome silentBackend(World world, RandomGenerator random) throws Exception {
        return play(random, "nic_remove_silent");
    }

    /** A hook that fails. */
    static Outcome failingHook(World world, RandomGenerator random) throws Exception {
        return play(random, "a hook that fails");
    }

    /** libxl gives up on events: told, and the JVM lives. */
    static Outcome disaster(World world, RandomGenerator random) throws Exception {
        return play(random, "a disaster");
    }

    /** A context whose calls do not return in time is leaked and reported, never freed. */
    static Outcome neverFreed(World world, RandomGenerator random) throws Exception {
        return play(random, "a context that cannot be freed in time");
    }

    /** xenstored dies under open contexts. */
    static Outcome xenstoredKilled(World world, RandomGenerator random) throws Exception {
        return play(random, "xenstored_killed");
    }

    private static Outcome play(RandomGenerator random, String... names) throws Exception {
        Path run = RUN.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("rig A's run.sh is neither of " + RUN));
        List<String> command = new ArrayList<>(List.of(
                run.toAbsolutePath().toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dio.osevent.seam=" + (random.nextBoolean() ? "jna" : "shim"),
                "-cp",
                absolute(System.getProperty("java.class.path")),
                RigA.class.getName()));
        if (random.nextBoolean()) {
            command.add("--native-transport");
        }
        command.addAll(List.of(names));
        Path output = Files.createTempFile("osevent-rig-a", ".out");
        Process rig = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!rig.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
                throw new TimeoutException(
                        "rig A did not end within " + BOUND_SECONDS + " s:\n" + Files.readString(output));
            }
            return outcome(rig.exitValue(), Files.readString(output));
        } finally {
            rig.destroy();
            Files.delete(output);
        }
    }

    private static Outcome outcome(int exit, String said) throws IOException {
        if (exit == NO_RIG) {
            throw new TestAbortedException("no rig A here: " + said.strip());
        }
        long passed = said.lines().filter(line -> line.startsWith(PASS)).count();
        long failed = said.lines().filter(line -> line.startsWith(FAIL)).count();
        if (exit != 0 || failed > 0) {
            throw new AssertionError("rig A ended with " + exit + ":\n" + said);
        }
        return Outcome.of(passed, passed, passed);
    }

    /** The rig has a directory of its own. */
    private static String absolute(String classPath) {
        List<String> all = new ArrayList<>();
        for (String entry : classPath.split(":")) {
            all.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(":", all);
    }
}
