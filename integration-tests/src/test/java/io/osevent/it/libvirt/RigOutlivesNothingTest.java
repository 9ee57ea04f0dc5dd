package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RigOutlivesNothingTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    @BeforeAll
    static void needsARig() {
        RigRequirements.assumeMet();
    }

    @Test
    void killingTheJvmEndsTheDaemonAndRemovesItsFiles() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RigHolder.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String[] held = jvm.inputReader().readLine().split(" ");
            ProcessHandle daemon =
                    ProcessHandle.of(Long.parseLong(held[0])).orElseThrow(() -> new AssertionError("no daemon"));
            Path directory = Path.of(held[1]);
            assertTrue(Files.exists(directory.resolve("libvirt-sock")));

            jvm.destroyForcibly();
            assertTrue(jvm.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS));
            Await.until("the daemon ends with the JVM", BOUND, () -> !daemon.isAlive());
            Await.until("the rig's directory goes with the JVM", BOUND, () -> !Files.exists(directory));
        } finally {
            jvm.destroyForcibly();
        }
    }
}
