package io.osevent.bridge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A JVM of its own for a control that faults or spins; killed when it is closed, whatever it does. */
final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    /** Starts {@code main} of a test class. Errors go to the output, a crash report to the given directory. */
    ChildJvm(Class<?> main, Path crashReports, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Xshare:auto",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + crashReports.resolve("crash.log"),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot start a child JVM", failure);
        }
        // A read of its output has no bound of its own; the end of the child ends it.
        CompletableFuture.delayedExecutor(2 * Gates.BOUND_MILLIS, TimeUnit.MILLISECONDS)
                .execute(process::destroyForcibly);
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Reads until a line that contains the text; fails if the child ends before. */
    void awaitLine(String text) {
        StringBuilder seen = new StringBuilder();
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.contains(text)) {
                    return;
                }
                seen.append(line).append('\n');
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        throw new AssertionError("the child ended before it said '" + text + "': " + seen);
    }

    /** True if the child is still running after that long. */
    boolean stillRunsAfter(long millis) {
        try {
            return !process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    int exitValue() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        if (stillRunsAfter(Gates.BOUND_MILLIS)) {
            throw new AssertionError("the child cannot be killed");
        }
    }
}
