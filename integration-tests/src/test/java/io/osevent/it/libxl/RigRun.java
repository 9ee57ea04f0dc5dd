package io.osevent.it.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs a program that reports as {@link Report} does inside a rig A of its own, and makes a test of each line. Needs Debian
 * 12; elsewhere it is skipped with the reason, but with {@code CI=true} in the environment it fails.
 */
public final class RigRun {
    private static final Path RUN = Path.of("src", "rig-a", "run.sh");
    private static final int NO_RIG = 125;
    private static final long BOUND_SECONDS = 200;

    private RigRun() {}

    /**
     * Runs it to its end.
     *
     * @param directory for its output
     * @param program its main class
     * @param jvm options of its JVM
     * @param arguments its arguments
     * @return a test for each play, and one for the end
     */
    public static Stream<DynamicTest> of(Path directory, Class<?> program, List<String> jvm, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(RUN.toString(), java(), "-cp", classPath()));
        command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(jvm);
        command.add(program.getName());
        command.addAll(Arrays.asList(arguments));
        File out = directory.resolve("out").toFile();
        Process rig = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out)
                .start();
        if (!rig.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
            rig.destroy();
            fail("no end within " + BOUND_SECONDS + " s: " + Files.readString(out.toPath()));
        }
        String said = Files.readString(out.toPath());
        if (rig.exitValue() == NO_RIG) {
            skip("no rig A here: " + said.strip());
        }
        List<DynamicTest> tests = new ArrayList<>();
        said.lines().forEach(line -> {
            if (line.startsWith(Report.PASS)) {
                tests.add(DynamicTest.dynamicTest(line.substring(Report.PASS.length()), () -> {}));
            } else if (line.startsWith(Report.FAIL)) {
                String why = line.substring(Report.FAIL.length());
                tests.add(DynamicTest.dynamicTest(why, () -> fail(why + "\n" + said)));
            }
        });
        String last = said.lines().reduce("", (former, line) -> line);
        System.out.println("rig A: " + last);
        // Nothing left open, nothing delivered twice, no call from inside a hook, none after free
        tests.add(DynamicTest.dynamicTest(last, () -> assertEquals(0, rig.exitValue(), said)));
        return tests.stream();
    }

    private static void skip(String reason) {
        if ("true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        abort(reason);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
