package io.osevent.it.faults;

import io.osevent.agent.Main;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** An agent in a process of its own, with a small heap, to be ill-treated over HTTP and asked how it is. */
final class AgentWorld implements AutoCloseable {
    static final String SERVING = "agent: serving ";

    /** What a fault may leave open for a moment in a busy server: idle keep-alive connections of the test's own client. */
    private static final int SOCKET_SLACK = 12;

    private static final int SILENT = 25;
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final Path directory;
    private final Child child;
    private final URI url;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private List<RawClient> silent;
    private long socketsAtStart;

    private AgentWorld(Path directory, Child child) throws Exception {
        this.directory = directory;
        this.child = child;
        String line = child.awaitLine(SERVING, START);
        this.url = URI.create(line.substring(line.indexOf(SERVING) + SERVING.length()));
    }

    static AgentWorld start() throws Exception {
        return start(false);
    }

    /** An agent whose output nobody reads once it serves. */
    static AgentWorld startUnread() throws Exception {
        return start(true);
    }

    private static AgentWorld start(boolean unread) throws Exception {
        Path directory = Files.createTempDirectory("osevent-agent");
        Path node = directory.resolve("node.xml");
        Files.writeString(node, "<node>" + SteadyEvents.DOMAIN_XML.formatted("one") + "</node>");
        Path config = directory.resolve("agent.yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:0
                heartbeat: 500ms
                history: 100000
                hosts:
                  - id: h
                    uri: test://%s
                """.formatted(node));
        List<String> options = List.of("-Xmx160m");
        Child child = unread
                ? Child.startUnread(SERVING, options, Main.class, "--config", config.toString())
                : Child.start(options, Main.class, "--config", config.toString());
        try {
            AgentWorld world = new AgentWorld(directory, child);
            Bounded.until("the agent is healthy", () -> world.get("/health").statusCode() == 200);
            world.socketsAtStart = world.openSockets();
            world.silent = world.beginRequests();
            return world;
        } catch (Exception e) {
            String said = child.output();
            child.kill();
            throw new IllegalStateException("the agent does not serve; it said:\n" + said, e);
        }
    }

    Child child() {
        return child;
    }

    int port() {
        return url.getPort();
    }

    HttpResponse<String> get(String path) throws Exception {
        return send("GET", path);
    }

    HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(ANSWER)
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    RawClient raw() throws IOException {
        return new RawClient(port());
    }

    /** The clients that began requests when this was last asked for, or when the agent was started. */
    List<RawClient> takeSilent() throws IOException {
        List<RawClient> taken = silent;
        silent = beginRequests();
        return taken;
    }

    /** Clients that begin a request and never end it. */
    private List<RawClient> beginRequests() throws IOException {
        String[] beginnings = {
            "",
            "G",
            "GET /health HTTP/1.1\r\n",
            "GET /health HTTP/1.1\r\nHost: loc",
            "POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc"
        };
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < SILENT; i++) {
            RawClient client = raw();
            client.say(beginnings[i % beginnings.length]);
            clients.add(client);
        }
        return clients;
    }

    /** Pauses or resumes the agent's one domain: an event. */
    void act(String action) throws Exception {
        HttpResponse<String> answer = send("POST", "/api/hosts/h/domains/one/" + action);
        if (answer.statusCode() != 200) {
            throw new AssertionError(action + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    /** A metric, by its name and labels as they stand in the text. */
    double metric(String name) throws Exception {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }

    long readers() throws Exception {
        return Math.round(metric("osevent_stream_readers"));
    }

    /** Its sockets; a young process still opens files of its own. */
    long openSockets() throws IOException {
        try (var list = Files.list(Path.of("/proc/" + child.pid() + "/fd"))) {
            return list.filter(AgentWorld::isSocket).count();
        }
    }

    private static boolean isSocket(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /** After a fault: it lives, answers, and holds no more than it should. */
    void assertWell() throws Exception {
        if (!child.isAlive()) {
            throw new AssertionError("the agent has ended:\n" + child.output());
        }
        if (child.said("\tat ")) {
            throw new AssertionError("the agent printed a stack trace:\n" + child.output());
        }
        if (get("/health").statusCode() != 200) {
            throw new AssertionError("the agent is not well: " + get("/health").body());
        }
        Bounded.until("nobody reads any more", () -> readers() == 0);
        long most = socketsAtStart + SILENT + SOCKET_SLACK;
        boolean closed = Bounded.within(Bounded.BOUND, () -> openSockets() <= most);
        if (!closed) {
            throw new AssertionError(
                    "the agent holds " + openSockets() + " sockets, at most " + most + " are accounted for");
        }
    }

    @Override
    public void close() {
        try {
            for (RawClient client : silent) {
                client.close();
            }
            child.terminate();
            child.awaitEnd(ANSWER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
        } finally {
            forget();
        }
    }

    private void forget() {
        try {
            child.kill();
            List<Path> all = new ArrayList<>();
            try (var files = Files.list(directory)) {
                files.forEach(all::add);
            }
            all.add(directory);
            for (Path each : all) {
                Files.deleteIfExists(Objects.requireNonNull(each));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
