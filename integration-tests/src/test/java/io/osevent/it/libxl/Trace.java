package io.osevent.it.libxl;

import io.osevent.libxl.HookObserver;
import io.osevent.libxl.RawEvent;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * What libxl asked of its host, line by line, in the words of {@code sequences.txt}: descriptors are named a, b, c and
 * timeouts t1, t2 in the order in which they are first seen. Written inside hooks, so it must not call libxl.
 */
final class Trace implements HookObserver {
    private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final String LATER = "?";

    private static final class Timeout {
        final String name;
        boolean saidNow;
        int delivered;

        Timeout(String name) {
            this.name = name;
        }
    }

    private record Fd(String name, int number, int events) {
        Fd with(int newEvents) {
            return new Fd(name, number, newEvents);
        }
    }

    private final List<String> lines = new ArrayList<>();
    private final Map<Long, Fd> fds = new LinkedHashMap<>();
    private final Map<Long, Timeout> timeouts = new LinkedHashMap<>();
    private final Runnable atStep;
    private final int step;
    private int lastFd;
    private int lastTimeout;
    private boolean muted;
    private boolean ended;

    /**
     * @param step the line at which something is done, from 0; -1 for never
     * @param atStep done there, inside the hook
     */
    Trace(int step, Runnable atStep) {
        this.step = step;
        this.atStep = atStep;
    }

    // ---- hooks

    @Override
    public synchronized void fdRegistered(long token, int fd, int events) {
        Fd registered = new Fd(muted ? LATER : nextFd(), fd, events);
        fds.put(token, registered);
        say("fd_register " + registered.name() + " " + kind(fd) + " " + mask(events));
    }

    @Override
    public synchronized void fdModified(long token, int events) {
        fds.computeIfPresent(token, (key, fd) -> fd.with(events));
        say("fd_modify " + fds.get(token).name() + " " + mask(events));
    }

    @Override
    public synchronized void fdDeregistered(long token) {
        say("fd_deregister " + fds.remove(token).name());
    }

    @Override
    public synchronized void timeoutRegistered(long token, long deadlineMicros) {
        Timeout timeout = new Timeout(muted ? LATER : "t" + ++lastTimeout);
        timeouts.put(token, timeout);
        Instant now = Instant.now();
        long left = deadlineMicros - TimeUnit.SECONDS.toMicros(now.getEpochSecond()) - now.getNano() / 1000;
        say("timeout_register " + timeout.name + " +" + Math.round(left / 1e6) + "s");
    }

    @Override
    public synchronized void timeoutModified(long token) {
        Timeout timeout = timeouts.get(token);
        if (timeout.delivered == 0) {
            timeout.saidNow = true;
            say("timeout_modify " + timeout.name + " now");
        }
    }

    @Override
    public synchronized void occurredTimeout(long token) {
        timeouts.get(token).delivered++;
        say("occurred_timeout " + timeouts.get(token).name);
    }

    @Override
    public synchronized void operationCompleted(String function, int rc) {
        say("ao_callback rc=" + rc);
    }

    @Override
    public synchronized void eventOccurred(RawEvent event) {
        String type = "type.";
        new JsonObject(event.json())
                .fieldNames().stream()
                        .filter(key -> key.startsWith(type))
                        .forEach(key -> say("event " + key.substring(type.length())));
    }

    // ---- the test's own lines

    synchronized void mark(String what) {
        say("-- " + what);
    }

    /** While muted nothing is written down; what is live when it ends is named afresh. */
    synchronized void mute(boolean value) {
        muted = value;
        if (!muted) {
            fds.replaceAll((token, fd) -> {
                if (!fd.name().equals(LATER)) {
                    return fd;
                }
                Fd named = new Fd(nextFd(), fd.number(), fd.events());
                say("(live: " + named.name() + " " + kind(named.number()) + " " + mask(named.events()) + ")");
                return named;
            });
        }
    }

    /** No more lines will come. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    // ---- questions

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** The live descriptor of that name. */
    synchronized int fd(String name) {
        return fds.values().stream()
                .filter(fd -> fd.name().equals(name))
                .findFirst()
                .orElseThrow()
                .number();
    }

    /** Waits for a line that begins like this. */
    void await(String beginning) throws InterruptedException, TimeoutException {
        await(beginning, seen -> seen.stream().anyMatch(line -> line.startsWith(beginning)));
    }

    synchronized void await(String what, Predicate<List<String>> question)
            throws InterruptedException, TimeoutException {
        long start = System.nanoTime();
        while (!question.test(lines)) {
            if (ended) {
                throw new EndedException(what);
            }
            long left = BOUND_NANOS - (System.nanoTime() - start);
            if (left <= 0) {
                throw new TimeoutException("not within 20 s: " + what + "; seen: " + lines);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Waits until every timeout that was modified to now has been delivered. */
    void awaitPromised() throws InterruptedException, TimeoutException {
        await(
                "delivery of what was modified to now",
                seen -> timeouts.values().stream().noneMatch(t -> t.saidNow && t.delivered == 0));
    }

    /** What is wrong with the delivery of timeouts, after the end; empty if nothing. */
    synchronized String wrongDeliveries() {
        StringJoiner wrong = new StringJoiner(", ");
        for (Timeout timeout : timeouts.values()) {
            boolean promised = timeout.saidNow;
            if (timeout.delivered > 1 || promised && timeout.delivered == 0) {
                wrong.add(timeout.name + " delivered " + timeout.delivered + " times"
                        + (promised ? " after a modify to now" : ""));
            }
        }
        return wrong.toString();
    }

    /** The context has ended before that could happen. */
    static final class EndedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        EndedException(String what) {
            super("the context ended before: " + what);
        }
    }

    // ---- words

    private String nextFd() {
        return String.valueOf((char) ('a' + lastFd++));
    }

    private void say(String line) {
        if (!muted) {
            if (lines.size() == step) {
                atStep.run();
            }
            lines.add(line);
        }
        notifyAll();
    }

    private static String mask(int events) {
        StringJoiner mask = new StringJoiner("|");
        mask.setEmptyValue("0");
        String[] names = {"IN", "PRI", "OUT", "ERR", "HUP"};
        for (int bit = 0; bit < names.length; bit++) {
            if ((events & 1 << bit) != 0) {
                mask.add(names[bit]);
            }
        }
        return mask.toString();
    }

    private static String kind(int fd) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
            if (target.startsWith("pipe:")) {
                return "pipe";
            }
            if (target.startsWith("socket:")) {
                return "socket";
            }
            return target.startsWith("/dev/") ? "device" : "file";
        } catch (IOException e) {
            return "closed";
        }
    }
}
