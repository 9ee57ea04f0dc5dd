package io.osevent.it.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program in a JVM of its own, with this one's class path. */
final class Child {
    private final Process process;
    private final Path output;

    private Child(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Child start(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), main, arguments);
    }

    static Child start(List<String> options, Class<?> main, String... arguments) throws IOException {
        return start(null, options, main, arguments);
    }

    /** Its output is read up to a line that contains a text, and no further. */
    static Child startUnread(String lastRead, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        return start(lastRead, options, main, arguments);
    }

    private static Child start(String lastRead, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("osevent-child", ".out");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (lastRead == null) {
            return new Child(builder.redirectOutput(output.toFile()).start(), output);
        }
        Child child = new Child(builder.start(), output);
        child.readUntil(lastRead);
        return child;
    }

    /** From here on nobody reads what it says, and the pipe fills. */
    private void readUntil(String lastRead) throws IOException {
        BufferedReader in = process.inputReader();
        String line = in.readLine();
        while (line != null && !line.contains(lastRead)) {
            line = in.readLine();
        }
        Files.writeString(output, line == null ? "" : line + "\n");
    }

    /** Waits for a line that contains a text. */
    String awaitLine(String text, Duration bound) throws Exception {
        boolean said = Bounded.within(bound, () -> said(text) || !process.isAlive());
        if (!said || !said(text)) {
            throw new TimeoutException("'" + text + "' was not said within " + bound.toSeconds() + " s:\n" + output());
        }
        return output().lines().filter(line -> line.contains(text)).findFirst().orElseThrow();
    }

    boolean said(String text) {
        return output().contains(text);
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Waits for the end by itself. */
    int awaitEnd(Duration bound) throws Exception {
        if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TimeoutException("no end within " + bound.toSeconds() + " s:\n" + output());
        }
        return process.exitValue();
    }

    /** Ends it if it has not ended, and forgets what it said. */
    void kill() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(output);
    }
}
