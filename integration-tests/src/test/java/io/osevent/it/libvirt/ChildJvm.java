package io.osevent.it.libvirt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A program in a JVM of its own, with this one's class path.
 *
 * @param exit its exit status
 * @param took how long it ran
 * @param output what it wrote, both streams
 */
record ChildJvm(int exit, Duration took, String output) {

    /**
     * Runs it to its end.
     *
     * @param options of the JVM
     * @throws AssertionError if it does not end in time; it is killed then, and the message holds its thread dump
     */
    static ChildJvm run(Duration bound, Class<?> main, List<String> options, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("osevent-child", ".out");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                String dump = threadDump(process);
                throw new AssertionError(main.getSimpleName() + " " + List.of(arguments) + " did not end within "
                        + bound + ":\n" + Files.readString(output) + dump);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            // The logging library of the test's class path introduces itself.
            String said = Files.readAllLines(output).stream()
                    .filter(line -> !line.startsWith("SLF4J"))
                    .collect(Collectors.joining("\n"));
            return new ChildJvm(process.exitValue(), took, said);
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private static String threadDump(Process process) throws IOException, InterruptedException {
        Process jstack = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jstack")
                                .toString(),
                        Long.toString(process.pid()))
                .redirectErrorStream(true)
                .start();
        String dump = new String(jstack.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jstack.waitFor();
        return dump;
    }
}
