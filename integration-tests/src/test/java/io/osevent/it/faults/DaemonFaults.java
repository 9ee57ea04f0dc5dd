package io.osevent.it.faults;

import io.osevent.it.libvirt.LibvirtdRig;
import io.osevent.vertx.libvirt.CloseReason;
import io.osevent.vertx.libvirt.DomainAction;
import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.EventStreamOptions;
import io.osevent.vertx.libvirt.HostState;
import io.osevent.vertx.libvirt.HostStatus;
import io.osevent.vertx.libvirt.LibvirtConnectOptions;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.osevent.vertx.libvirt.LibvirtEvent;
import io.osevent.vertx.libvirt.LibvirtFailure;
import io.osevent.vertx.libvirt.ManagedHost;
import io.osevent.vertx.libvirt.ManagedHostOptions;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.libvirt.Connect;
import org.libvirt.LibvirtException;
import org.libvirt.event.ConnectionCloseReason;

/** A real libvirtd that dies, hangs, refuses and comes back. */
final class DaemonFaults {
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
    private static final Duration MAX_BACKOFF = Duration.ofMillis(400);
    private static final int MANY = 300;

    private DaemonFaults() {}

    /** SIGKILL: each connection hears that it has ended, and gives up all it had registered. */
    static Outcome killed(World world, RandomGenerator random) throws Exception {
        return lost(world.libvirt(), 1 + random.nextInt(6), 5, Duration.ofSeconds(5), CloseReason.EOF, rig -> {
            rig.kill9();
        });
    }

    /** SIGSTOP: keepalive tells a daemon that hangs from one that is idle. */
    static Outcome stopped(World world, RandomGenerator random) throws Exception {
        return lost(world.libvirt(), 1 + random.nextInt(4), 1, Duration.ofSeconds(10), CloseReason.KEEPALIVE, rig -> {
            rig.sigstop();
        });
    }

    private interface Blow {
        void strike(LibvirtdRig rig) throws Exception;
    }

    private static Outcome lost(
            LibvirtWorld libvirt, int count, int keepAlive, Duration bound, CloseReason expected, Blow blow)
            throws Exception {
        libvirt.mendDaemon();
        long before = libvirt.stats().unfinished();
        Queue<CloseReason> reasons = new ConcurrentLinkedQueue<>();
        List<LibvirtConnection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LibvirtConnection connection =
                    Bounded.get("open", libvirt.connect(libvirt.rig().uri("test"), keepAlive, 2));
            connections.add(connection.closeHandler(reasons::add));
        }
        blow.strike(libvirt.rig());
        Bounded.within(bound, () -> reasons.size() == count);
        libvirt.steady().awaitMore();
        libvirt.mendDaemon();
        closeAll(connections);
        libvirt.awaitUnfinished(before);
        long seen = reasons.stream().filter(reason -> reason == expected).count();
        return Outcome.of(1, count, seen);
    }

    /** A daemon that is restarted while its host is watched: connected again, and what it has is known again. */
    static Outcome restarted(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        libvirt.mendDaemon();
        long before = libvirt.stats().unfinished();
        AtomicLong heard = new AtomicLong();
        ManagedHost host = watch(libvirt, libvirt.rig().uri("test"), heard, new ConcurrentLinkedQueue<>());
        int restarts = 1 + random.nextInt(3);
        for (int i = 1; i <= restarts; i++) {
            int connects = 1 + i;
            if (random.nextBoolean()) {
                libvirt.rig().kill9();
                libvirt.rig().startDaemon();
            } else {
                libvirt.rig().restart();
            }
            Bounded.until("up again", () -> host.status().state() == HostState.UP && host.connects() >= connects);
        }
        long reconnects = host.connects() - 1;
        long heardBefore = heard.get();
        int acts = 4;
        act(host, acts);
        boolean all = Bounded.within(Bounded.BOUND, () -> heard.get() - heardBefore == acts);
        Collection<DomainSummary> known = host.domains();
        if (known.size() != 1) {
            throw new AssertionError("the daemon has one domain, known are " + known);
        }
        Bounded.get("close the host", host.close());
        libvirt.awaitUnfinished(before);
        return Outcome.of(restarts, restarts, Math.min(restarts, reconnects))
                .events(acts, all ? acts : heard.get() - heardBefore);
    }

    /** A daemon that answers late: degraded, not lost, and every event comes in the end. */
    static Outcome slow(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        libvirt.mendDaemon();
        long before = libvirt.stats().unfinished();
        AtomicLong heard = new AtomicLong();
        Queue<HostStatus> statuses = new ConcurrentLinkedQueue<>();
        ManagedHost host = watch(libvirt, libvirt.rig().uri("test"), heard, statuses);
        int pulses = 1 + random.nextInt(3);
        int acts = 0;
        for (int i = 1; i <= pulses; i++) {
            int degraded = i;
            libvirt.rig().sigstop();
            Future<DomainSummary> waiting = host.act("test", DomainAction.SUSPEND);
            Bounded.until("degraded", () -> count(statuses, HostState.DEGRADED) >= degraded);
            libvirt.rig().sigcont();
            Bounded.get("the answer comes late", waiting);
            Bounded.get("resume", host.act("test", DomainAction.RESUME));
            Bounded.until("up again", () -> host.status().state() == HostState.UP);
            acts += 2;
        }
        long made = acts;
        boolean all = Bounded.within(Bounded.BOUND, () -> heard.get() == made);
        if (host.connects() != 1) {
            throw new AssertionError("a slow daemon was taken for a lost one");
        }
        Bounded.get("close the host", host.close());
        libvirt.awaitUnfinished(before);
        return Outcome.of(pulses, pulses, Math.min(pulses, count(statuses, HostState.DEGRADED)))
                .events(made, all ? made : heard.get());
    }

    /** A socket that nobody listens on: each attempt fails at once, in one line, until somebody does. */
    static Outcome refusing(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        libvirt.mendDaemon();
        long before = libvirt.stats().unfinished();
        libvirt.rig().kill9();
        int attempts = 1 + random.nextInt(4);
        int refused = 0;
        for (int i = 0; i < attempts; i++) {
            refused += isRefused(libvirt, libvirt.rig().uri("test")) ? 1 : 0;
        }
        AtomicLong heard = new AtomicLong();
        Queue<HostStatus> statuses = new ConcurrentLinkedQueue<>();
        ManagedHost host = start(libvirt, libvirt.rig().uri("test"), heard, statuses);
        Bounded.until("backing off", () -> count(statuses, HostState.BACKING_OFF) > 1);
        libvirt.rig().startDaemon();
        Bounded.until("up", () -> host.status().state() == HostState.UP);
        Bounded.get("close the host", host.close());
        libvirt.awaitUnfinished(before);
        return Outcome.of(attempts, attempts, refused);
    }

    /** The daemon's socket file is removed: who is connected goes on, newcomers are told, a restart mends it. */
    static Outcome socketRemoved(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        libvirt.mendDaemon();
        long before = libvirt.stats().unfinished();
        AtomicLong heard = new AtomicLong();
        ManagedHost host = watch(libvirt, libvirt.rig().uri("test"), heard, new ConcurrentLinkedQueue<>());
        Files.delete(libvirt.rig().socket());
        int acts = 2 * (1 + random.nextInt(4));
        act(host, acts);
        boolean all = Bounded.within(Bounded.BOUND, () -> heard.get() == acts);
        boolean refused = isRefused(libvirt, libvirt.rig().uri("test"));
        libvirt.mendDaemon();
        Bounded.until(
                "connected again", () -> host.connects() == 2 && host.status().state() == HostState.UP);
        Bounded.get("close the host", host.close());
        libvirt.awaitUnfinished(before);
        return Outcome.of(1, 1, refused ? 1 : 0).events(acts, all ? acts : heard.get());
    }

    /** A daemon whose seats are taken: an attempt gives up in time, and leaves nothing when it succeeds too late. */
    static Outcome full(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        long before = libvirt.stats().unfinished();
        try (LibvirtdRig small = LibvirtdRig.start(Map.of("max_clients", "2", "max_anonymous_clients", "2"))) {
            List<LibvirtConnection> seated = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                seated.add(Bounded.get("open", libvirt.connect(small.uri("test"), 0, 0)));
            }
            Future<LibvirtConnection> waiting = LibvirtConnection.open(
                    libvirt.vertx(),
                    new LibvirtConnectOptions(small.uri("test")).setCallTimeout(Duration.ofMillis(500)));
            int gaveUp = fails(waiting) ? 1 : 0;
            libvirt.steady().awaitMore();
            closeAll(seated);
            libvirt.awaitUnfinished(before);
            return Outcome.of(1, 1, gaveUp);
        }
    }

    /** Three hundred connections end in one moment: each is told, each can be closed, nothing is left. */
    static Outcome manyDropped(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        libvirt.mendDaemon();
        long before = libvirt.stats().unfinished();
        AtomicInteger ended = new AtomicInteger();
        List<Connect> connects = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Connect connect = new Connect(libvirt.rig().uri("test"));
            connect.setKeepAlive(5, 5);
            connect.registerCloseListener((which, reason) -> {
                if (reason == ConnectionCloseReason.EOF || reason == ConnectionCloseReason.ERROR) {
                    ended.incrementAndGet();
                }
            });
            connects.add(connect);
        }
        libvirt.rig().kill9();
        Bounded.within(Bounded.BOUND, () -> ended.get() == MANY);
        libvirt.steady().awaitMore();
        for (Connect connect : connects) {
            tolerate(connect::unregisterCloseListener);
            tolerate(connect::close);
        }
        libvirt.mendDaemon();
        libvirt.awaitUnfinished(before);
        return Outcome.of(1, MANY, ended.get());
    }

    /** No descriptor is left when a connection is opened: it fails, by name, and the next one succeeds. */
    static Outcome emfileOnConnect(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        libvirt.mendDaemon();
        long before = libvirt.stats().unfinished();
        // Once with descriptors to spare, so that all classes are loaded.
        Bounded.get(
                "close",
                Bounded.get("open", libvirt.connect(libvirt.rig().uri("test"), 0, 0))
                        .close());
        Future<LibvirtConnection> refused;
        Fds.Exhaustion noneLeft = Fds.exhaust();
        try {
            refused = libvirt.connect(libvirt.rig().uri("test"), 0, 0);
            Bounded.until("the attempt ends", refused::isComplete);
            libvirt.steady().awaitMore();
        } finally {
            noneLeft.end();
        }
        boolean told = refused.failed() && refused.cause() instanceof LibvirtFailure;
        LibvirtConnection next =
                Bounded.get("open", libvirt.connect(libvirt.rig().uri("test"), 0, 0));
        Bounded.get("close", next.close());
        libvirt.awaitUnfinished(before);
        return Outcome.of(1, 1, told ? 1 : 0);
    }

    private static ManagedHost watch(LibvirtWorld libvirt, String uri, AtomicLong heard, Queue<HostStatus> statuses)
            throws Exception {
        ManagedHost host = start(libvirt, uri, heard, statuses);
        Bounded.until("the host is up", () -> host.status().state() == HostState.UP);
        return host;
    }

    private static ManagedHost start(LibvirtWorld libvirt, String uri, AtomicLong heard, Queue<HostStatus> statuses) {
        ManagedHost host = ManagedHost.start(
                        libvirt.vertx(),
                        "watched",
                        new ManagedHostOptions(new LibvirtConnectOptions(uri).setKeepAlive(5, 5))
                                .setBackoff(FIRST_BACKOFF, MAX_BACKOFF)
                                .setProbe(Duration.ofMillis(100), Duration.ofMillis(300)))
                .statusHandler(statuses::add);
        host.events(new EventStreamOptions()).handler(event -> heard.addAndGet(isToggle(event) ? 1 : 0));
        return host;
    }

    private static boolean isToggle(LibvirtEvent event) {
        return !event.synthetic()
                && (event.type().equals("SUSPENDED") || event.type().equals("RESUMED"));
    }

    private static void act(ManagedHost host, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            Bounded.get("act", host.act("test", i % 2 == 0 ? DomainAction.SUSPEND : DomainAction.RESUME));
        }
    }

    private static boolean isRefused(LibvirtWorld libvirt, String uri) throws Exception {
        return fails(libvirt.connect(uri, 0, 0));
    }

    /** In time, and in one line. */
    private static boolean fails(Future<LibvirtConnection> opening) throws Exception {
        Bounded.until("the attempt ends", opening::isComplete);
        return opening.failed()
                && opening.cause() instanceof LibvirtFailure failure
                && failure.getMessage().lines().count() == 1;
    }

    private static long count(Queue<HostStatus> statuses, HostState state) {
        return statuses.stream().filter(status -> status.state() == state).count();
    }

    private static void closeAll(List<LibvirtConnection> connections) throws Exception {
        for (LibvirtConnection connection : connections) {
            Bounded.get("close", connection.close());
        }
    }

    private interface Call {
        void make() throws LibvirtException;
    }

    /** On a dead connection libvirt says so, and does what it should. */
    private static void tolerate(Call call) {
        try {
            call.make();
        } catch (LibvirtException expected) {
            // Nothing is left of it, as the count of registrations shows.
        }
    }
}
