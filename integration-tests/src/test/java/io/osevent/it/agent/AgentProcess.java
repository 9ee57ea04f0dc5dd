package io.osevent.it.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The agent as its users run it: a process, told by its options, seen by what it prints and serves. */
final class AgentProcess implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String SERVING = "agent: serving ";

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CompletableFuture<URI> url = new CompletableFuture<>();
    private final HttpClient client;
    private final Thread reader = new Thread(this::read, "agent-output");

    private AgentProcess(Process process) throws Exception {
        this.process = process;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(BOUND)
                .sslContext(Certificates.trustAll())
                .build();
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts an agent on a free port and waits until it serves. */
    static AgentProcess start(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        if (!all.contains("--listen")) {
            all.addAll(List.of("--listen", "127.0.0.1:0"));
        }
        AgentProcess agent = launch(all.toArray(String[]::new));
        try {
            agent.url();
        } catch (Exception e) {
            agent.close();
            throw new IllegalStateException("the agent does not serve; it said:\n" + agent.output(), e);
        }
        return agent;
    }

    /** Starts an agent that may well refuse to start. */
    static AgentProcess launch(String... options) throws Exception {
        return launch(Map.of(), options);
    }

    /** Starts an agent with more in its environment. */
    static AgentProcess launch(Map<String, String> environment, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                javaCommand(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.osevent.agent.Main"));
        command.addAll(Arrays.asList(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new AgentProcess(builder.start());
    }

    URI url() throws Exception {
        return url.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    long pid() {
        return process.pid();
    }

    List<String> lines() {
        return lines;
    }

    String output() {
        return String.join("\n", lines);
    }

    int exitCode() throws Exception {
        if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the agent goes on; it said:\n" + output());
        }
        // Its last words may still be in the pipe.
        reader.join(BOUND.toMillis());
        return process.exitValue();
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url().resolve(path))
                .timeout(BOUND)
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The event stream, read line by line until it is closed. */
    EventReader events(String query, String... headers) throws Exception {
        return EventReader.open(client, url().resolve("/api/events" + query), headers);
    }

    /** SIGKILL. */
    void kill() throws Exception {
        process.destroyForcibly();
        exitCode();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the agent did not end when told to; it said:\n" + output());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                if (line.startsWith(SERVING)) {
                    url.complete(URI.create(line.substring(SERVING.length())));
                }
            }
            url.completeExceptionally(new IOException("the agent ended"));
        } catch (IOException e) {
            url.completeExceptionally(e);
        }
    }

    private static String javaCommand() {
        return ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new UncheckedIOException(new IOException("this JVM's command is unknown")));
    }
}
