package io.osevent.bench;

import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * From the start of {@code bin/agent}, which watches test:///default, until its /health first says 200; and the same for
 * a bare Vert.x HTTP server with the same JVM options and libraries.
 */
final class StartBench {
    static final String FAMILY = "start";
    static final String BARE = "vertx-http";

    private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_MILLIS = 5;
    private static final int CONNECT_BOUND_MILLIS = 1000;
    private static final byte[] REQUEST =
            "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Options options;
    private final Results results;
    private final Path root;

    StartBench(Options options, Results results) {
        this.options = options;
        this.results = results;
        this.root = options.root();
    }

    void run() {
        Path jar = root.resolve("agent/target/agent.jar");
        if (!Files.exists(jar)) {
            results.addGap("agent", FAMILY, jar + " is not built");
            return;
        }
        int rounds = options.quick() ? 3 : 10;
        // Round -1 brings the files into the page cache.
        for (int round = -1; round < rounds; round++) {
            measure(
                    round,
                    BARE,
                    port -> List.of(
                            java(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            jar + File.pathSeparator + root.resolve("benchmarks/target/classes"),
                            BareServer.class.getName(),
                            String.valueOf(port)));
            measure(
                    round,
                    "agent",
                    port -> List.of(root.resolve("bin/agent").toString(), "--listen", "127.0.0.1:" + port));
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private interface Command {
        List<String> on(int port);
    }

    private void measure(int round, String system, Command command) {
        try {
            int port = freePort();
            ProcessBuilder builder = new ProcessBuilder(command.on(port))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            options.output().resolve("start-" + system + ".log").toFile());
            long start = System.nanoTime();
            Process process = builder.start();
            try {
                double millis = awaitHealth(port, start) / 1e6;
                if (round >= 0) {
                    results.add(FAMILY, round, row(system, millis));
                }
            } finally {
                end(process);
            }
        } catch (IOException e) {
            results.addGap(system, FAMILY, e.getMessage());
        }
    }

    private static JsonObject row(String system, double millis) {
        return new JvmPeer.Identity(system, "default", "default").row(FAMILY, 1, 1, millis, "ms");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static long awaitHealth(int port, long start) throws IOException {
        while (System.nanoTime() - start < BOUND_NANOS) {
            if (isHealthy(port)) {
                return System.nanoTime() - start;
            }
            pause();
        }
        throw new IOException("no 200 from /health within " + TimeUnit.NANOSECONDS.toSeconds(BOUND_NANOS) + " s");
    }

    private static boolean isHealthy(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(CONNECT_BOUND_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(REQUEST);
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The agent's script replaces itself by the JVM, so this is the JVM in both cases. */
    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
