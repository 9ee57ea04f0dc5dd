package io.osevent.it.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent with no argument but its port: libvirt's built-in driver, whose one domain is called test. */
class AgentTest {

    private static final String DOMAIN = "/api/hosts/test-default/domains/test/";

    private static AgentProcess agent;

    @BeforeAll
    static void start() throws Exception {
        agent = AgentProcess.start();
        Waits.until("health", () -> agent.get("/health").statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    @Test
    void hostsAndDomainsAreListed() throws Exception {
        JsonObject host = new JsonArray(agent.get("/api/hosts").body()).getJsonObject(0);
        assertEquals("test-default", host.getString("id"));
        assertEquals("test:///default", host.getString("uri"));
        assertEquals("up", host.getString("state"));
        JsonObject domain = new JsonArray(agent.get("/api/domains").body()).getJsonObject(0);
        assertEquals("test-default", domain.getString("host"));
        assertEquals("test", domain.getString("name"));
        assertEquals("6695eb01-f6a4-8304-79aa-97f2502e193f", domain.getString("uuid"));
        assertTrue(List.of("running", "paused", "shutoff").contains(domain.getString("state")), domain.encode());
    }

    @Test
    void actionsComeBackAsEventsOnTheStreamAndAsLines() throws Exception {
        running();
        try (EventReader events = agent.events("")) {
            assertEquals("paused", state(agent.send("POST", DOMAIN + "suspend")));
            EventReader.Frame suspended = events.next("message");
            assertEquals("SUSPENDED", suspended.data().getString("type"));
            assertEquals("test", suspended.data().getString("domain"));
            assertEquals("test-default", suspended.data().getString("host"));
            assertEquals("running", state(agent.send("POST", DOMAIN + "resume")));
            EventReader.Frame resumed = events.next("message");
            assertEquals("RESUMED", resumed.data().getString("type"));
            assertTrue(Long.parseLong(resumed.id()) > Long.parseLong(suspended.id()));
        }
        Waits.until(
                "the line on the terminal",
                () -> agent.lines().stream()
                        .anyMatch(line -> line.matches(".*  test-default  lifecycle  test  SUSPENDED PAUSED")));
    }

    @Test
    void aReaderThatComesBackMissesNothing() throws Exception {
        running();
        String last;
        try (EventReader events = agent.events("")) {
            agent.send("POST", DOMAIN + "suspend");
            last = events.next("message").id();
        }
        agent.send("POST", DOMAIN + "resume");
        agent.send("POST", DOMAIN + "suspend");
        try (EventReader events = agent.events("", "Last-Event-ID", last)) {
            assertEquals("RESUMED", events.next("message").data().getString("type"));
            assertEquals("SUSPENDED", events.next("message").data().getString("type"));
        }
    }

    @Test
    void aReaderFromAnEarlierRunIsToldOfTheGap() throws Exception {
        running();
        agent.send("POST", DOMAIN + "suspend");
        try (EventReader events = agent.events("", "Last-Event-ID", "5")) {
            EventReader.Frame gap = events.next();
            assertEquals("gap", gap.name());
            assertTrue(gap.data().getLong("missed") > 0);
            assertFalse(events.next("message").data().getString("type").isEmpty());
        }
    }

    @Test
    void whatCannotBeIsRefusedWithItsReason() throws Exception {
        running();
        // The driver calls this an internal error; the state tells better.
        assertProblem(409, "VIR_ERR_INTERNAL_ERROR", agent.send("POST", DOMAIN + "start"));
        assertProblem(404, "VIR_ERR_NO_DOMAIN", agent.send("POST", "/api/hosts/test-default/domains/nobody/start"));
        assertProblem(404, null, agent.send("POST", "/api/hosts/nowhere/domains/test/start"));
        assertProblem(404, null, agent.send("POST", DOMAIN + "explode"));
        assertProblem(404, null, agent.get("/nothing"));
        assertProblem(405, null, agent.send("DELETE", "/api/hosts"));
        assertProblem(426, null, agent.get(DOMAIN + "console"));
    }

    @Test
    void otherSitesMayNotWrite() throws Exception {
        assertProblem(403, null, agent.send("POST", DOMAIN + "suspend", "Origin", "https://evil.example"));
        assertProblem(403, null, agent.send("POST", DOMAIN + "suspend", "Origin", "null"));
        assertProblem(403, null, agent.send("POST", DOMAIN + "suspend", "Sec-Fetch-Site", "cross-site"));
        running();
        String own = agent.url().toString().replaceAll("/$", "");
        assertEquals(200, agent.send("POST", DOMAIN + "suspend", "Origin", own).statusCode());
    }

    @Test
    void aRebondNameIsNotServed() throws Exception {
        assertTrue(raw("GET /api/hosts HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 421 "));
        assertTrue(raw("GET /api/hosts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 200 "));
    }

    @Test
    void thePageAndItsPolicyAreServed() throws Exception {
        HttpResponse<String> page = agent.get("/");
        assertEquals(200, page.statusCode());
        assertTrue(
                page.headers().firstValue("Content-Security-Policy").orElse("").contains("default-src 'self'"));
        assertEquals(200, agent.get("/page/agent.js").statusCode());
        assertEquals(200, agent.get("/page/xterm.js").statusCode());
        assertEquals(404, agent.get("/page/..%2fMain.class").statusCode());
    }

    @Test
    void theApiIsDescribed() throws Exception {
        JsonObject description = new JsonObject(agent.get("/api/openapi.json").body());
        assertTrue(description.getString("openapi").startsWith("3."));
        for (String path : List.of("/health", "/api/hosts", "/api/domains", "/api/events", "/metrics")) {
            assertTrue(description.getJsonObject("paths").containsKey(path), path);
        }
    }

    @Test
    void metricsSpeakOfHostsAndTheLoop() throws Exception {
        Waits.until("metrics", () -> agent.get("/metrics").body().contains("osevent_loop_lag_seconds"));
        String metrics = agent.get("/metrics").body();
        assertTrue(metrics.contains("osevent_host_state{host=\"test-default\",state=\"up\"} 1"), metrics);
        assertTrue(metrics.contains("osevent_keepalive_deadline_seconds{host=\"test-default\"}"), metrics);
    }

    @Test
    void theDashboardShowsMetricsThatThereAre() throws Exception {
        Path file = Path.of("").toAbsolutePath().getParent().resolve("docs/grafana-dashboard.json");
        Matcher names = Pattern.compile("osevent_[a-z_]+").matcher(Files.readString(file));
        Set<String> shown = new TreeSet<>();
        while (names.find()) {
            shown.add(names.group());
        }
        // It is told when the first callback is slow, which none need be.
        assertTrue(shown.remove("osevent_bridge_slow_callbacks_total"));
        assertTrue(shown.size() > 10, shown.toString());
        Waits.until("metrics", () -> agent.get("/metrics").statusCode() == 200);
        running();
        agent.send("POST", DOMAIN + "suspend");
        Waits.until(
                "an event is counted",
                () -> agent.get("/metrics").body().contains("osevent_event_latency_seconds_bucket"));
        String metrics = agent.get("/metrics").body();
        shown.removeIf(name -> metrics.contains("\n" + name + "{") || metrics.contains("\n" + name + " "));
        assertEquals(Set.of(), shown, "shown, but not told");
    }

    @Test
    void badOptionsAreToldInOneLine(@TempDir Path directory) throws Exception {
        assertRefused(2, "--listen", "--listen", "nonsense");
        assertRefused(2, "Unknown option: '--nonsense'", "--nonsense");
        assertRefused(2, "not a libvirt URI", "--connect", "nonsense");
        assertRefused(2, "cannot read", "--config", "/nonexistent.yaml");
        assertRefused(1, "in use", "--listen", "127.0.0.1:" + agent.url().getPort());
        Path file = directory.resolve("agent.yaml");
        Files.writeString(file, "listen: 127.0.0.1:0\nhosts:\n  - uri: test:///default\n    read-onyl: true\n");
        assertRefused(2, file + ":4: hosts[0].read-onyl: no such key", "--config", file.toString());
        Files.writeString(file, "listen: 127.0.0.1:99999\n");
        assertRefused(2, file + ":1: listen: ", "--config", file.toString());
        Files.writeString(file, "tokens:\n  - name: a\n    role: king\n    token: 12345678\n");
        assertRefused(2, file + ":3: tokens[0].role: ", "--config", file.toString());
    }

    @Test
    void aDaemonThatIsDownHarmsNobodyElse() throws Exception {
        try (AgentProcess other = AgentProcess.start(
                "--connect", "test:///default", "--connect", "qemu+unix:///system?socket=/nonexistent/socket")) {
            Waits.until(
                    "the good host is up", () -> state(other, "test-default").equals("up"));
            HttpResponse<String> health = other.get("/health");
            assertEquals(503, health.statusCode());
            assertTrue(
                    new JsonObject(health.body())
                            .getJsonArray("reasons")
                            .getString(0)
                            .contains("/nonexistent/socket"),
                    health.body());
            assertEquals(200, other.send("POST", DOMAIN + "suspend").statusCode());
            assertFalse(other.output().contains("\tat "), other.output());
        }
    }

    private static String state(AgentProcess from, String id) throws Exception {
        for (Object each : new JsonArray(from.get("/api/hosts").body())) {
            if (((JsonObject) each).getString("id").equals(id)) {
                return ((JsonObject) each).getString("state");
            }
        }
        return "absent";
    }

    private static void assertRefused(int code, String words, String... options) throws Exception {
        try (AgentProcess refused = AgentProcess.launch(options)) {
            assertEquals(code, refused.exitCode(), refused.output());
            assertEquals(1, refused.lines().size(), refused.output());
            assertTrue(refused.lines().get(0).contains(words), refused.output());
        }
    }

    private static void assertProblem(int status, String code, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(
                "application/problem+json",
                response.headers().firstValue("Content-Type").orElse(""));
        JsonObject problem = new JsonObject(response.body());
        assertEquals(status, problem.getInteger("status"));
        assertEquals(code, problem.getString("code"));
        assertFalse(problem.getString("detail").isBlank());
    }

    /** The driver's domain may be in any state that another test left it in. */
    private static void running() throws Exception {
        for (String action : List.of("start", "resume")) {
            int status = agent.send("POST", DOMAIN + action).statusCode();
            assertTrue(status == 200 || status == 409, action + ": " + status);
        }
        // What these two have told must have been read before a test listens.
        Waits.until(
                "running",
                () -> new JsonArray(agent.get("/api/domains").body())
                        .getJsonObject(0)
                        .getString("state")
                        .equals("running"));
    }

    private static String state(HttpResponse<String> response) {
        assertEquals(200, response.statusCode(), response.body());
        return new JsonObject(response.body()).getString("state");
    }

    private static String raw(String request) throws Exception {
        URI url = agent.url();
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
