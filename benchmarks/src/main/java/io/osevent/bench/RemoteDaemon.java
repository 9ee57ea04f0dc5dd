package io.osevent.bench;

import io.osevent.bench.PeerProcess.PeerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A libvirtd of our own in a temporary directory, and the driver that makes lifecycle events in it. */
final class RemoteDaemon implements AutoCloseable {
    private static final long START_BOUND_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long POLL_MILLIS = 20;
    private static final long DRIVE_BOUND_SECONDS = 60;

    private final Path directory;
    private Process daemon;
    private Process driver;
    private Writer toDriver;
    private BufferedReader fromDriver;
    private String unavailabilityCause;

    RemoteDaemon(Path nativeDirectory, Path logDirectory) {
        Path made = null;
        try {
            made = Files.createTempDirectory("osevent-bench");
            start(made, nativeDirectory, logDirectory);
        } catch (IOException e) {
            unavailabilityCause = "libvirtd cannot be started: " + e.getMessage();
        }
        directory = made;
    }

    private void start(Path made, Path nativeDirectory, Path logDirectory) throws IOException {
        Path configuration = made.resolve("libvirtd.conf");
        Files.writeString(configuration, """
                listen_tls = 0
                listen_tcp = 0
                unix_sock_dir = "%s"
                auth_unix_ro = "none"
                auth_unix_rw = "none"
                max_clients = 5000
                max_anonymous_clients = 5000
                max_workers = 20
                log_outputs = "3:stderr"
                """.formatted(made));
        daemon = new ProcessBuilder(
                        "libvirtd",
                        "-f",
                        configuration.toString(),
                        "-p",
                        made.resolve("pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(logDirectory.resolve("libvirtd.log").toFile())
                .start();
        Path socket = made.resolve("libvirt-sock");
        long end = System.nanoTime() + START_BOUND_NANOS;
        while (!Files.exists(socket)) {
            if (!daemon.isAlive() || System.nanoTime() > end) {
                unavailabilityCause = "libvirtd did not start; see " + logDirectory.resolve("libvirtd.log");
                return;
            }
            pause();
        }
        driver = new ProcessBuilder(nativeDirectory.resolve("remote-driver").toString(), uriOf(made))
                .redirectError(logDirectory.resolve("remote-driver.log").toFile())
                .start();
        toDriver = new OutputStreamWriter(driver.getOutputStream(), StandardCharsets.UTF_8);
        fromDriver = new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
        if (!"ready".equals(fromDriver.readLine())) {
            unavailabilityCause =
                    "remote-driver cannot reach libvirtd; see " + logDirectory.resolve("remote-driver.log");
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String uriOf(Path directory) {
        return "test+unix:///default?socket=" + directory.resolve("libvirt-sock");
    }

    boolean available() {
        return unavailabilityCause == null;
    }

    String unavailabilityCause() {
        return unavailabilityCause;
    }

    String uri() {
        return uriOf(directory);
    }

    /** Makes that many lifecycle events and returns when the last operation is done. */
    void drive(int operations) throws PeerException {
        try {
            toDriver.write(operations + "\n");
            toDriver.flush();
            String answer = CompletableFuture.supplyAsync(this::answer).get(DRIVE_BOUND_SECONDS, TimeUnit.SECONDS);
            if (answer == null || !answer.startsWith("done")) {
                throw ended("remote-driver has ended");
            }
        } catch (TimeoutException e) {
            throw ended("remote-driver was not done within " + DRIVE_BOUND_SECONDS + " s");
        } catch (IOException | ExecutionException e) {
            throw new PeerException("remote-driver: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ended("interrupted");
        }
    }

    private String answer() {
        try {
            return fromDriver.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PeerException ended(String why) {
        unavailabilityCause = why;
        driver.destroyForcibly();
        return new PeerException(why);
    }

    @Override
    public void close() {
        if (driver != null) {
            driver.destroy();
        }
        if (daemon != null) {
            daemon.destroy();
            try {
                if (!daemon.waitFor(5, TimeUnit.SECONDS)) {
                    daemon.destroyForcibly();
                }
            } catch (InterruptedException e) {
                daemon.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        if (directory != null) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                System.err.println("bench: " + directory + " was left behind: " + e.getMessage());
            }
        }
    }
}
