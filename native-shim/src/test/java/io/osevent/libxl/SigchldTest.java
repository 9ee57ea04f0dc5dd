package io.osevent.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Signal masks are inherited, so each process is started with one. */
class SigchldTest {
    private static final int BOUND_SECONDS = 60;

    @Test
    void aProcessThatBlocksItEverywhereIsRefused() throws Exception {
        String said = said("--block-signal=CHLD");
        assertTrue(said.startsWith("every thread of this process blocks SIGCHLD"), said);
        assertTrue(said.endsWith("start the JVM from a process that does not block it"), said);
        assertEquals(1, said.lines().count());
    }

    @Test
    void anyOtherProcessIsNot() throws Exception {
        assertEquals("free", said("--block-signal=USR2"));
        assertEquals("free", said("--ignore-signal=CHLD"));
    }

    private static String said(String mask) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("env", mask));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED", "-cp"));
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(SigchldMain.class.getName());
        Process jvm = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = jvm.getInputStream()) {
            assertTrue(jvm.waitFor(BOUND_SECONDS, TimeUnit.SECONDS), "no end within " + BOUND_SECONDS + " s");
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        } finally {
            jvm.destroyForcibly();
        }
    }
}
