package io.osevent.it.faults;

import io.osevent.agent.ConfigReading;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The agent as a process: told to end, with a terminal that is stopped, with a configuration that makes no sense. */
final class AgentFaults {
    private static final Duration END = Duration.ofSeconds(20);
    private static final int TERMINATED = 128 + 15;

    private static final String CONFIG = """
            listen: 127.0.0.1:8080
            names: [a.example, b.example]
            history: 1000
            heartbeat: 15s
            anonymous-read: true
            read-only: false
            hosts:
              - id: one
                uri: qemu:///system
                read-only: true
                keepalive:
                  interval: 5
                  count: 3
              - uri: test:///default
            tokens:
              - name: reader
                role: viewer
                token: abcdefghijklmnopqrstuvwxyz
            cluster:
              name: c
              listen: 127.0.0.1:0
            """;

    private AgentFaults() {}

    /** SIGTERM while readers hang on the stream and actions come: the stream ends in order, and so does the agent. */
    static Outcome terminated(World world, RandomGenerator random) throws Exception {
        AgentWorld agent = AgentWorld.start();
        try (EventFeed feed = EventFeed.open(agent.port());
                RawClient slow = agent.raw()) {
            slow.say("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            for (int i = 0; i < 4; i++) {
                agent.act("suspend");
                agent.act("resume");
            }
            Bounded.until("the events", () -> feed.toggles() == 8);
            agent.child().terminate();
            int exit = agent.child().awaitEnd(END);
            Bounded.until("the stream ends", feed::hasEnded);
            boolean clean = exit == TERMINATED && !agent.child().said("\tat ");
            if (!clean) {
                throw new AssertionError(
                        "exit status " + exit + ":\n" + agent.child().output());
            }
            return Outcome.of(1, 1, 1).events(8, feed.toggles());
        } finally {
            agent.close();
        }
    }

    /** Nobody reads what the agent prints, as when a terminal is stopped: it goes on all the same. */
    static Outcome stalledOutput(World world, RandomGenerator random) throws Exception {
        // A pipe holds 64 KiB, some 700 lines.
        int acts = world.isShort() ? 1_000 : 2_000;
        AgentWorld agent = AgentWorld.startUnread();
        try (EventFeed feed = EventFeed.open(agent.port())) {
            for (int i = 0; i < acts / 2; i++) {
                agent.act("suspend");
                agent.act("resume");
            }
            Bounded.within(Bounded.BOUND, () -> feed.toggles() == acts);
            boolean healthy = agent.get("/health").statusCode() == 200
                    && agent.metric("osevent_output_dropped_total{output=\"out\"") == 0;
            return Outcome.of(1, 1, healthy ? 1 : 0).events(acts, feed.toggles());
        } finally {
            agent.close();
        }
    }

    /** A configuration file with something wrong in it: one line that says where, or a good start; never a trace. */
    static Outcome configFuzz(World world, RandomGenerator random) throws Exception {
        int rounds = world.isShort() ? 100 : 1_000;
        Path file = Files.createTempFile("osevent-fuzz", ".yaml");
        int good = 0;
        try {
            for (int i = 0; i < rounds; i++) {
                byte[] mutated = mutate(random);
                Files.write(file, mutated);
                Optional<String> problem;
                try {
                    problem = ConfigReading.problem(file);
                } catch (RuntimeException | StackOverflowError e) {
                    throw new AssertionError(
                            "not a user's error, for\n" + new String(mutated, StandardCharsets.UTF_8), e);
                }
                if (problem.isPresent() && problem.get().lines().count() != 1) {
                    throw new AssertionError("more than one line: " + problem.get() + "\nfor\n"
                            + new String(mutated, StandardCharsets.UTF_8));
                }
                good++;
            }
        } finally {
            Files.delete(file);
        }
        return Outcome.of(rounds, rounds, good);
    }

    private static byte[] mutate(RandomGenerator random) {
        byte[] bytes = CONFIG.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i <= random.nextInt(4); i++) {
            bytes = mutateOnce(bytes, random);
        }
        return bytes;
    }

    private static byte[] mutateOnce(byte[] bytes, RandomGenerator random) {
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(6)) {
            case 0 -> bytes[at] = (byte) random.nextInt(256);
            case 1 -> {
                return Arrays.copyOf(bytes, Math.max(1, at));
            }
            case 2 -> {
                return insert(
                        bytes,
                        at,
                        List.of("[", "}", "&a ", "*a", "!!java.net.URL ", "\0", "\t", "99999999999", "- ", ": ")
                                .get(random.nextInt(10)));
            }
            case 3 -> {
                return insert(bytes, at, "[".repeat(1 + random.nextInt(2_000)));
            }
            case 4 -> {
                // A line twice
                int start = lineStart(bytes, at);
                int end = lineEnd(bytes, at);
                return insert(bytes, start, new String(bytes, start, end - start, StandardCharsets.ISO_8859_1));
            }
            default -> {
                // A line less
                int start = lineStart(bytes, at);
                int end = lineEnd(bytes, at);
                byte[] less = new byte[Math.max(1, bytes.length - (end - start))];
                System.arraycopy(bytes, 0, less, 0, Math.min(start, less.length));
                System.arraycopy(
                        bytes,
                        end,
                        less,
                        Math.min(start, less.length),
                        Math.min(bytes.length - end, less.length - Math.min(start, less.length)));
                return less;
            }
        }
        return bytes;
    }

    private static byte[] insert(byte[] bytes, int at, String text) {
        byte[] inserted = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] longer = new byte[bytes.length + inserted.length];
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(inserted, 0, longer, at, inserted.length);
        System.arraycopy(bytes, at, longer, at + inserted.length, bytes.length - at);
        return longer;
    }

    private static int lineStart(byte[] bytes, int at) {
        int start = at;
        while (start > 0 && bytes[start - 1] != '\n') {
            start--;
        }
        return start;
    }

    private static int lineEnd(byte[] bytes, int at) {
        int end = at;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return Math.min(bytes.length, end + 1);
    }
}
