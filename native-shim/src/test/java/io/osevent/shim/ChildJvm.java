package io.osevent.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program in a JVM of its own, like this one. */
public final class ChildJvm {
    private static final int BOUND_SECONDS = 60;

    private ChildJvm() {}

    /** Runs a class to its end, which must be a good one, and returns what it printed. */
    public static List<String> run(String classPath, Class<?> program, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+IgnoreUnrecognizedVMOptions");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath, program.getName()));
        Path output = Files.createTempFile("child-jvm", ".out");
        try {
            Process jvm = new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = jvm.waitFor(BOUND_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                jvm.destroyForcibly();
            }
            assertTrue(ended, () -> program.getName() + " did not end within " + BOUND_SECONDS + " s");
            List<String> lines = Files.readAllLines(output);
            assertEquals(0, jvm.exitValue(), () -> "it printed " + lines);
            return lines;
        } finally {
            Files.delete(output);
        }
    }
}
