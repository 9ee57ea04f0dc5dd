package io.osevent.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A peer's process and the line protocol with it (see bench.h): a request is a line, an answer ends with a dot. */
final class PeerProcess implements AutoCloseable {
    private static final String END_OF_OUTPUT = "\u0000";
    private static final Duration EXIT_BOUND = Duration.ofSeconds(5);

    private final PeerSpec spec;
    private final Process process;
    private final Writer requests;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    PeerProcess(PeerSpec spec, Path nativeDirectory, Path logDirectory) {
        this.spec = spec;
        try {
            ProcessBuilder builder = new ProcessBuilder(spec.command());
            builder.environment().put("OSEVENT_BENCH_NATIVE", nativeDirectory.toString());
            builder.redirectError(logDirectory
                    .resolve("peer-" + spec.label().replace(' ', '-') + ".log")
                    .toFile());
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the peer " + spec.label(), e);
        }
        requests = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "bench-read-" + spec.label());
        reader.setDaemon(true);
        reader.start();
    }

    PeerSpec spec() {
        return spec;
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("{\"error\":\"" + e.getMessage() + "\"}");
        }
        lines.add(END_OF_OUTPUT);
    }

    /** Sends without awaiting the answer. */
    void send(String request) throws PeerException {
        try {
            requests.write(request + "\n");
            requests.flush();
        } catch (IOException e) {
            throw new PeerException(spec.label() + " has gone: " + e.getMessage());
        }
    }

    /** Awaits the rest of the answer to the oldest request that has none yet. */
    List<JsonObject> answer(String request, Duration bound) throws PeerException {
        List<JsonObject> rows = new ArrayList<>();
        long end = System.nanoTime() + bound.toNanos();
        while (true) {
            String line = next(end - System.nanoTime());
            if (line == null) {
                // Its late answer would be taken for the next one's; it is started anew for the next workload.
                process.destroyForcibly();
                throw new PeerException(spec.label() + " did not answer \"" + request + "\" within " + bound);
            }
            if (line.equals(END_OF_OUTPUT)) {
                throw new PeerException(spec.label() + " ended at \"" + request + "\"" + exitStatus());
            }
            if (line.equals(".")) {
                return rows;
            }
            JsonObject row = new JsonObject(line);
            if (row.containsKey("unsupported")) {
                throw new PeerException(row.getString("unsupported"));
            }
            if (row.containsKey("error")) {
                // The dot that ends this answer must not be taken for the next one's.
                drain(end);
                throw new PeerException(row.getString("error"));
            }
            rows.add(row);
        }
    }

    private void drain(long end) throws PeerException {
        for (String line = next(end - System.nanoTime()); line != null; line = next(end - System.nanoTime())) {
            if (line.equals(".")) {
                return;
            }
            if (line.equals(END_OF_OUTPUT)) {
                throw new PeerException(spec.label() + " has ended" + exitStatus());
            }
        }
    }

    private String next(long nanos) {
        try {
            return lines.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private String exitStatus() {
        try {
            return process.waitFor(EXIT_BOUND.toSeconds(), TimeUnit.SECONDS)
                    ? " with status " + process.exitValue() + " (its log lies beside the results)"
                    : "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    List<JsonObject> ask(String request, Duration bound) throws PeerException {
        send(request);
        return answer(request, bound);
    }

    boolean alive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(EXIT_BOUND.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** A peer that cannot do what was asked; the message is what the report says. */
    static final class PeerException extends Exception {
        private static final long serialVersionUID = 1;

        PeerException(String message) {
            super(message);
        }
    }
}
