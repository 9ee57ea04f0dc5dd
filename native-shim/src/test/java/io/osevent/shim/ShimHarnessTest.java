package io.osevent.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs the C test of the shim's plain C half, which also forks: a JVM cannot. */
class ShimHarnessTest {
    private static final Path HARNESS = Path.of("target/shim/osevent-harness");

    @Test
    void thePlainCHalfHolds() throws Exception {
        BuiltShim.assume();
        assumeTrue(Files.isExecutable(HARNESS), () -> HARNESS + " is not part of this build");
        Process harness = new ProcessBuilder(HARNESS.toAbsolutePath().toString())
                .redirectErrorStream(true)
                .start();
        boolean ended = harness.waitFor(60, TimeUnit.SECONDS);
        if (!ended) {
            harness.destroyForcibly();
        }
        assertTrue(ended, "the harness did not end within 60 s");
        String output = new String(harness.getInputStream().readAllBytes());
        assertEquals(0, harness.exitValue(), output);
    }
}
