package io.osevent.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShutdownTest {
    @Test
    void addFailsAtOnceAndTheRestGoesOnWorking(@TempDir Path directory) throws Exception {
        File output = directory.resolve("output").toFile();
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShutdownMain.class.getName())
                .redirectOutput(output)
                .start();
        boolean ended = jvm.waitFor(60, TimeUnit.SECONDS);
        jvm.destroyForcibly();
        assertTrue(ended, "the JVM did not end within 60 s");
        assertEquals(
                List.of("add -1 -1", "update []", "remove 0 0", "ff [ff h, ff t]"),
                Files.readAllLines(output.toPath()));
        assertEquals(0, jvm.exitValue());
    }
}
