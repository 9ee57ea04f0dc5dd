package io.osevent.it.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How {@code bin/agent} makes and uses the archive of its classes, with a small program in the agent's place. */
@Timeout(120)
class ClassArchiveTest {

    private static final long SECONDS = 60;

    /** Says what the agent says, and serves until it is told to end. */
    static final class Serving {
        public static void main(String[] arguments) throws IOException {
            try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                System.out.println("agent: serving http://127.0.0.1:" + server.getLocalPort() + "/");
                while (true) {
                    try (Socket client = server.accept()) {
                        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                }
            }
        }
    }

    /** An agent that cannot start here. */
    static final class Failing {
        public static void main(String[] arguments) {
            System.err.println("agent: cannot start");
            System.exit(1);
        }
    }

    @TempDir
    private Path tree;

    private Path target;

    @BeforeEach
    void build() throws IOException {
        target = tree.resolve("agent/target");
        Files.createDirectories(target.resolve("lib"));
        jar(target.resolve("lib/other.jar"), Serving.class);
    }

    @Test
    void itIsMadeOnceAndUsed() throws Exception {
        jar(target.resolve("agent.jar"), Serving.class);
        List<String> first = options();
        List<Path> made = archives();
        assertEquals(1, made.size(), made.toString());
        assertTrue(Files.size(made.get(0)) > 0, "an archive, not the mark that there can be none");
        assertTrue(first.contains("-XX:SharedArchiveFile=" + made.get(0)), first.toString());
        FileTime then = Files.getLastModifiedTime(made.get(0));
        assertEquals(first, options());
        assertEquals(List.of(made.get(0)), archives());
        assertEquals(then, Files.getLastModifiedTime(made.get(0)));
    }

    @Test
    void anotherBuildHasAnother() throws Exception {
        Path jar = jar(target.resolve("agent.jar"), Serving.class);
        options();
        List<Path> old = archives();
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(5)));
        assertTrue(options().toString().contains("SharedArchiveFile"));
        assertEquals(1, archives().size());
        assertNotEquals(old, archives());
    }

    @Test
    void whereItCannotBeMadeNothingIsSaidAndItIsTriedOnce() throws Exception {
        jar(target.resolve("agent.jar"), Failing.class);
        assertEquals(List.of(), options());
        assertEquals(0, Files.size(archives().get(0)));
        FileTime then = Files.getLastModifiedTime(archives().get(0));
        assertEquals(List.of(), options());
        assertEquals(then, Files.getLastModifiedTime(archives().get(0)));
    }

    /** What the script adds to java's options; anything else that it prints fails the test. */
    private List<String> options() throws Exception {
        Path script = Path.of("").toAbsolutePath().getParent().resolve("bin/lib/class-archive.sh");
        Process bash = new ProcessBuilder("bash", "-c", """
                set -euo pipefail
                here=$1 jar=$1/agent/target/agent.jar options=()
                . "$2"
                use_class_archive || true
                printf 'option %s\\n' "${options[@]}"
                """, "bash", tree.toString(), script.toString())
                .redirectErrorStream(true)
                .start();
        String said;
        try (InputStream out = bash.getInputStream()) {
            said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertTrue(bash.waitFor(SECONDS, TimeUnit.SECONDS), "the script ends");
        assertEquals(0, bash.exitValue(), said);
        assertTrue(said.lines().allMatch(line -> line.startsWith("option ")), said);
        return said.lines()
                .map(line -> line.substring("option ".length()))
                .filter(option -> !option.isEmpty())
                .toList();
    }

    private List<Path> archives() throws IOException {
        try (var files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith(".jsa")).toList();
        }
    }

    private static Path jar(Path file, Class<?> main) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
        String entry = main.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest);
                InputStream in = main.getClassLoader().getResourceAsStream(entry)) {
            jar.putNextEntry(new JarEntry(entry));
            in.transferTo(jar);
            jar.closeEntry();
        }
        return file;
    }
}
