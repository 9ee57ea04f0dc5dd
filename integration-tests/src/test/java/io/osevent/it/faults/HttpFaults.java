package io.osevent.it.faults;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Clients of the agent that are slow, gone, broken or hostile. */
final class HttpFaults {
    /** The agent's idle time-out is 40 s. */
    private static final Duration IDLE_BOUND = Duration.ofSeconds(70);

    private static final int QUIET_MILLIS = 3_000;
    private static final String STREAM = "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String SUSPEND = "/api/hosts/h/domains/one/suspend";

    private HttpFaults() {}

    /** What a hostile request may be answered with: a refusal, and never a failure of the agent's own. */
    private static boolean isRefusal(String answer) {
        return answer.isEmpty() || answer.matches("(?s)HTTP/[0-9.]+ (4[0-9][0-9]|501|505) .*");
    }

    /** A thousand readers of the stream that never read: one that does loses nothing, and memory stays bounded. */
    static Outcome slowReaders(World world, RandomGenerator random) throws Exception {
        AgentWorld agent = world.agent();
        int many = world.isShort() ? 100 : 1_000;
        int acts = 2 * (world.isShort() ? 25 : 300);
        List<RawClient> slow = new ArrayList<>();
        Outcome outcome;
        try (EventFeed feed = EventFeed.open(agent.port())) {
            for (int i = 0; i < many; i++) {
                RawClient client = agent.raw();
                slow.add(client);
                client.say(STREAM);
            }
            Bounded.until("all are read to", () -> agent.readers() == many + 1);
            long seen = agent.readers() - 1;
            long before = feed.toggles();
            for (int i = 0; i < acts; i++) {
                agent.act(i % 2 == 0 ? "suspend" : "resume");
            }
            Bounded.within(Bounded.BOUND, () -> feed.toggles() - before == acts);
            long arrived = feed.toggles() - before;
            for (RawClient client : slow) {
                client.close();
            }
            outcome = Outcome.of(many, many, seen).events(acts, arrived);
        }
        agent.assertWell();
        return outcome;
    }

    /** Readers that vanish without a word, in the middle of a frame. */
    static Outcome vanishingReaders(World world, RandomGenerator random) throws Exception {
        AgentWorld agent = world.agent();
        int rounds = 5;
        int each = 20;
        long seen = 0;
        for (int round = 0; round < rounds; round++) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                RawClient client = agent.raw();
                client.say(STREAM);
                clients.add(client);
            }
            agent.act("suspend");
            for (RawClient client : clients) {
                if (random.nextBoolean()) {
                    client.abort();
                } else {
                    client.close();
                }
            }
            agent.act("resume");
            Bounded.until("all are forgotten", () -> agent.readers() == 0);
            seen += each;
        }
        agent.assertWell();
        return Outcome.of((long) rounds * each, (long) rounds * each, seen);
    }

    /** Clients that begin a request and never end it: the agent gives them up. */
    static Outcome slowRequests(World world, RandomGenerator random) throws Exception {
        AgentWorld agent = world.agent();
        List<RawClient> clients = agent.takeSilent();
        int ended = 0;
        long end = System.nanoTime() + IDLE_BOUND.toNanos();
        for (RawClient client : clients) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            ended += client.hearsTheEnd((int) Math.max(1, left)) ? 1 : 0;
            client.close();
        }
        agent.assertWell();
        return Outcome.of(clients.size(), clients.size(), ended);
    }

    /** What is not HTTP, or almost. */
    static Outcome malformed(World world, RandomGenerator random) throws Exception {
        byte[] noise = new byte[512];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) random.nextInt(256);
        }
        String noisy = new String(noise, StandardCharsets.ISO_8859_1);
        return refused(
                world,
                List.of(
                        noisy + "\r\n\r\n",
                        "\0\0\0\0\r\n\r\n",
                        "GET\r\n\r\n",
                        "GET /health\r\n\r\n",
                        "GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n",
                        "GET /health HTTP/1.1\r\n\r\n",
                        "GET /health HTTP/1.1\r\nHost: \r\n\r\n",
                        "GET /health HTTP/1.1\r\nHost: a b\r\n\r\n",
                        "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "FROB /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /health HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n",
                        "GET /health HTTP/1.1\r\nHost: localhost\r\nA: b\0c\r\n\r\n",
                        "POST " + SUSPEND + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
                        "POST " + SUSPEND
                                + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                        "POST " + SUSPEND
                                + "x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"));
    }

    /** Paths that would lead out of the page's files. */
    static Outcome pathTricks(World world, RandomGenerator random) throws Exception {
        List<String> requests = new ArrayList<>();
        for (String path : List.of(
                "/../../../../etc/passwd",
                "/page/../../../../etc/passwd",
                "/page/..%2f..%2f..%2fetc%2fpasswd",
                "/page/%2e%2e/%2e%2e/etc/passwd",
                "/page/..\\..\\etc\\passwd",
                "/page/....//....//etc/passwd",
                "/page/%c0%ae%c0%ae/etc/passwd",
                "/page//etc/passwd",
                "/page/agent.js%00.html",
                "/page/index.html/..",
                "/page/",
                "/page/META-INF/MANIFEST.MF",
                "file:///etc/passwd",
                "/api/hosts/h/domains/..%2f..%2fone/frob",
                "/api/hosts/../hosts/nobody/domains/one/suspend")) {
            requests.add("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        }
        return refused(world, requests);
    }

    /** More headers than anybody needs. */
    static Outcome headerFlood(World world, RandomGenerator random) throws Exception {
        String start = "GET /health HTTP/1.1\r\nHost: localhost\r\n";
        StringBuilder many = new StringBuilder(start);
        for (int i = 0; i < 10_000; i++) {
            many.append("X-").append(i).append(": ").append(random.nextInt()).append("\r\n");
        }
        return refused(
                world,
                List.of(
                        many + "\r\n",
                        start + "X: " + "a".repeat(1 << 20) + "\r\n\r\n",
                        start + "a".repeat(1 << 16) + ": b\r\n\r\n",
                        "GET /" + "a".repeat(1 << 20) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        start + "Cookie: " + "a=b; ".repeat(1 << 16) + "\r\n\r\n"));
    }

    /** A name that somebody else's DNS points here: refused, however it is written. */
    static Outcome dnsRebinding(World world, RandomGenerator random) throws Exception {
        List<String> requests = new ArrayList<>();
        for (String host : List.of(
                "evil.example",
                "evil.example:80",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "LOCALHOST.x",
                "[::1",
                "0x7f.1",
                "a@localhost")) {
            for (String line : List.of("GET /api/domains", "GET /api/events", "POST " + SUSPEND)) {
                requests.add(line + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            }
        }
        return refused(world, requests);
    }

    /** A page of another site that would act on guests, or open their consoles. */
    static Outcome crossOrigin(World world, RandomGenerator random) throws Exception {
        List<String> requests = new ArrayList<>();
        for (String header : List.of(
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: https://localhost.evil.example",
                "Origin: http://localhost:1",
                "Origin: %",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site")) {
            requests.add("POST " + SUSPEND + " HTTP/1.1\r\nHost: localhost\r\n" + header
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            requests.add("GET /api/hosts/h/domains/one/console HTTP/1.1\r\nHost: localhost\r\n" + header
                    + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        }
        try (EventFeed feed = EventFeed.open(world.agent().port())) {
            Outcome outcome = refused(world, requests, 1);
            if (feed.toggles() != 0) {
                throw new AssertionError("a foreign page has acted on a guest");
            }
            return outcome;
        }
    }

    /** Bodies that have no end: not stored, and not waited for by anybody else. */
    static Outcome oversized(World world, RandomGenerator random) throws Exception {
        AgentWorld agent = world.agent();
        byte[] megabyte = new byte[1 << 20];
        // More than the agent's heap in all
        int megabytes = world.isShort() ? 64 : 400;
        int answered = 0;
        String post = "POST " + SUSPEND + "x HTTP/1.1\r\nHost: localhost\r\n";
        try (RawClient length = agent.raw();
                RawClient chunked = agent.raw()) {
            length.say(post + "Content-Length: 107374182400\r\n\r\n");
            chunked.say(post + "Transfer-Encoding: chunked\r\n\r\n");
            boolean open = true;
            for (int i = 0; i < megabytes && open; i++) {
                open = length.trySay(megabyte) & chunked.trySay("100000\r\n".getBytes(StandardCharsets.US_ASCII));
                open &= chunked.trySay(megabyte) && chunked.trySay("\r\n".getBytes(StandardCharsets.US_ASCII));
                if (i % 16 == 0 && agent.get("/health").statusCode() != 200) {
                    throw new AssertionError("others wait for a large body");
                }
            }
            for (RawClient client : List.of(length, chunked)) {
                answered += isRefusal(client.hear(QUIET_MILLIS)) ? 1 : 0;
            }
        }
        agent.assertWell();
        return Outcome.of(2, 2, answered);
    }

    /** Requests that are made up: each is answered, in time, and none with a failure of the agent's own. */
    static Outcome apiFuzz(World world, RandomGenerator random) throws Exception {
        AgentWorld agent = world.agent();
        String[] methods = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"};
        String[] parts = {
            "api",
            "hosts",
            "domains",
            "h",
            "one",
            "suspend",
            "resume",
            "reboot",
            "console",
            "session",
            "events",
            "health",
            "metrics",
            "page",
            "%20",
            "%2F",
            "%F0%9F%98%80",
            ";a=b",
            "..",
            "-1",
            "9".repeat(40),
            "*",
            "+"
        };
        int rounds = world.isShort() ? 200 : 1_000;
        int good = 0;
        for (int i = 0; i < rounds; i++) {
            StringBuilder path = new StringBuilder();
            for (int part = 0; part <= random.nextInt(7); part++) {
                path.append('/').append(parts[random.nextInt(parts.length)]);
            }
            if (random.nextInt(4) == 0) {
                path.append("?replay=").append(random.nextInt()).append("&lastEventId=%zz&=");
            }
            String authorization = random.nextBoolean() ? "Bearer " + random.nextLong() : "Basic !!!";
            try (RawClient client = agent.raw()) {
                client.say(methods[random.nextInt(methods.length)] + " " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: " + random.nextLong()
                        + "\r\nAuthorization: " + authorization
                        + "\r\nCookie: a; b=;;" + random.nextInt()
                        + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{]");
                String answer = client.hear(path.indexOf("events") >= 0 ? 100 : QUIET_MILLIS);
                if (answer.matches("(?s)HTTP/1\\.1 [1234][0-9][0-9] .*") || answer.startsWith("HTTP/1.1 501 ")) {
                    good++;
                } else {
                    throw new AssertionError(path + " was answered with '" + answer + "'");
                }
            }
        }
        mendDomain(agent);
        agent.assertWell();
        return Outcome.of(rounds, rounds, good);
    }

    /** A made-up request may have been a good one. */
    private static void mendDomain(AgentWorld agent) throws Exception {
        for (String action : List.of("start", "resume")) {
            HttpResponse<String> answer = agent.send("POST", "/api/hosts/h/domains/one/" + action);
            if (answer.statusCode() != 200 && answer.statusCode() != 409) {
                throw new AssertionError(action + ": " + answer.statusCode() + " " + answer.body());
            }
        }
    }

    private static Outcome refused(World world, List<String> requests) throws Exception {
        return refused(world, requests, 0);
    }

    private static Outcome refused(World world, List<String> requests, int otherReaders) throws Exception {
        AgentWorld agent = world.agent();
        int refused = 0;
        for (String request : requests) {
            try (RawClient client = agent.raw()) {
                client.trySay(request.getBytes(StandardCharsets.ISO_8859_1));
                String answer = client.hear(QUIET_MILLIS);
                if (answer.contains("root:") || !isRefusal(answer)) {
                    throw new AssertionError("'" + head(request) + "' was answered with '" + head(answer) + "'");
                }
                refused++;
            }
        }
        if (otherReaders == 0) {
            agent.assertWell();
        }
        return Outcome.of(requests.size(), requests.size(), refused);
    }

    private static String head(String text) {
        return text.substring(0, Math.min(300, text.length()));
    }
}
