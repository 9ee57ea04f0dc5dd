package io.osevent.it.faults;

import io.osevent.vertx.LibvirtEventLoop;
import io.osevent.vertx.libvirt.DomainEventStream;
import io.osevent.vertx.libvirt.EventStreamOptions;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.event.DomainEvent;
import org.libvirt.event.DomainEventType;
import org.libvirt.event.LifecycleListener;

/** Listeners of libvirt's events that do what they should not, and more events than anybody can take. */
final class ListenerFaults {
    private static final int CAPACITY = 1_000;
    private static final int AHEAD = 20_000;
    private static final int FLOOD = 1_000_000;
    private static final int SMALL_FLOOD = 100_000;

    private ListenerFaults() {}

    /** A driver and a domain of one's own, suspended and resumed at will: one event for each. */
    private static final class Acts {
        private final Connect connect;
        private final Domain domain;

        Acts(String uri) throws LibvirtException {
            connect = new Connect(uri);
            domain = connect.domainCreateXML(SteadyEvents.DOMAIN_XML.formatted("one"), 0);
        }

        void both() throws LibvirtException {
            domain.suspend();
            domain.resume();
        }

        void end() throws LibvirtException {
            domain.destroy();
            domain.free();
            connect.close();
        }
    }

    /** A listener that is not interested in what creating a domain brings. */
    private abstract static class Toggles implements LifecycleListener {
        private final AtomicLong heard = new AtomicLong();

        @Override
        public int onLifecycleChange(Domain domain, DomainEvent event) {
            try {
                if (event.getType() == DomainEventType.SUSPENDED || event.getType() == DomainEventType.RESUMED) {
                    heard.incrementAndGet();
                    toggled(domain);
                }
                // Its reference would keep the connection open until the collector comes.
                domain.free();
            } catch (LibvirtException e) {
                throw new IllegalStateException(e);
            }
            return 0;
        }

        abstract void toggled(Domain domain) throws LibvirtException;

        long heard() {
            return heard.get();
        }

        void awaitHeard(long count) throws Exception {
            Bounded.until(count + " events", () -> heard.get() >= count);
        }
    }

    /** The stream's listener throws at each event: told each time, and the next event comes all the same. */
    static Outcome throwing(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        long before = libvirt.stats().unfinished();
        AtomicLong told = new AtomicLong();
        int events = 2 * (5 + random.nextInt(20));
        LibvirtConnection connection = Bounded.get("open", libvirt.connect("test:///default", 0, 0));
        CompletableFuture<Void> listening = new CompletableFuture<>();
        var context = libvirt.vertx().getOrCreateContext();
        context.exceptionHandler(failure -> told.incrementAndGet());
        context.runOnContext(nothing -> {
            connection.events().handler(event -> {
                throw new IllegalStateException("put in by a test");
            });
            listening.complete(null);
        });
        Bounded.get("listening", listening);
        Bounded.get("toggle", connection.call("toggle", connect -> {
            Domain domain = connect.domainLookupByName("test");
            for (int i = 0; i < events / 2; i++) {
                domain.suspend();
                domain.resume();
            }
            domain.free();
            return null;
        }));
        Bounded.within(Bounded.BOUND, () -> told.get() == events);
        Bounded.get("close", connection.close());
        libvirt.awaitUnfinished(before);
        return Outcome.of(events, events, told.get()).events(events, told.get());
    }

    /** A listener that asks the daemon from inside the callback, on the connection that called it. */
    static Outcome callingBack(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        libvirt.mendDaemon();
        long before = libvirt.stats().unfinished();
        int rounds = 5 + random.nextInt(10);
        AtomicLong answered = new AtomicLong();
        Toggles listener = new Toggles() {
            @Override
            void toggled(Domain domain) throws LibvirtException {
                domain.getInfo();
                answered.incrementAndGet();
            }
        };
        Connect watching = new Connect(libvirt.rig().uri("test"));
        watching.addLifecycleListener(listener);
        Connect acting = new Connect(libvirt.rig().uri("test"));
        Domain domain = acting.domainLookupByName("test");
        for (int i = 0; i < rounds; i++) {
            domain.suspend();
            domain.resume();
        }
        Bounded.within(Bounded.BOUND, () -> answered.get() == 2L * rounds);
        watching.removeLifecycleListener(listener);
        watching.close();
        domain.free();
        acting.close();
        libvirt.awaitUnfinished(before);
        return Outcome.of(2L * rounds, 2L * rounds, answered.get()).events(2L * rounds, listener.heard());
    }

    /** A listener that takes back itself, and the other one of its connection, in its first call. */
    static Outcome removingEachOther(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        long before = libvirt.stats().unfinished();
        Acts acts = new Acts(libvirt.ownDriver("removing"));
        AtomicReference<Toggles> other = new AtomicReference<>();
        Toggles first = removing(acts.connect, other);
        Toggles second = removing(acts.connect, new AtomicReference<>(first));
        other.set(second);
        acts.connect.addLifecycleListener(first);
        acts.connect.addLifecycleListener(second);
        acts.both();
        Bounded.until("one is called", () -> first.heard() + second.heard() > 0);
        acts.both();
        libvirt.steady().awaitMore();
        libvirt.steady().awaitMore();
        acts.end();
        libvirt.awaitUnfinished(before);
        return Outcome.of(1, 1, first.heard() + second.heard());
    }

    private static Toggles removing(Connect connect, AtomicReference<Toggles> other) {
        return new Toggles() {
            @Override
            void toggled(Domain domain) throws LibvirtException {
                connect.removeLifecycleListener(this);
                connect.removeLifecycleListener(other.get());
            }
        };
    }

    /** A listener closes libvirt's loop: the parked thread goes on with it, and a later install has it back. */
    static Outcome closingTheLoop(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        LibvirtEventLoop closed = libvirt.loop();
        return ending(libvirt, closed, () -> closed.close(Duration.ZERO));
    }

    /** A listener closes the Vert.x that runs libvirt's loop. */
    static Outcome closingVertx(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        Bounded.get("park", libvirt.loop().close(Duration.ZERO));
        Vertx own = World.newVertx(random);
        LibvirtEventLoop loop = Bounded.get("install", LibvirtEventLoop.install(own));
        libvirt.steady().awaitMore();
        return ending(libvirt, loop, own::close);
    }

    private interface End {
        Future<Void> begin();
    }

    private static Outcome ending(LibvirtWorld libvirt, LibvirtEventLoop loop, End end) throws Exception {
        long before = libvirt.stats().unfinished();
        CompletableFuture<Future<Void>> ended = new CompletableFuture<>();
        Toggles listener = new Toggles() {
            @Override
            void toggled(Domain domain) {
                if (!ended.isDone()) {
                    ended.complete(end.begin());
                }
            }
        };
        Acts acts = new Acts(libvirt.ownDriver("ending"));
        acts.connect.addLifecycleListener(listener);
        acts.both();
        Bounded.get("it ends", Bounded.get("the callback", ended));
        Bounded.until("it is not active any more", () -> !loop.isActive());
        acts.both();
        listener.awaitHeard(4);
        libvirt.steady().awaitMore();
        libvirt.install();
        acts.both();
        Bounded.within(Bounded.BOUND, () -> listener.heard() == 6);
        acts.connect.removeLifecycleListener(listener);
        acts.end();
        libvirt.steady().awaitMore();
        libvirt.awaitUnfinished(before);
        return Outcome.of(1, 1, loop.isActive() ? 0 : 1).events(6, listener.heard());
    }

    /** More events than the listener can take: the buffer stays within its bound, and what it dropped is counted. */
    static Outcome flood(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        long before = libvirt.stats().unfinished();
        long events = world.isShort() || !world.isFirst("flood") ? SMALL_FLOOD : FLOOD;
        String uri = libvirt.ownDriver("flood");
        LibvirtConnection connection = Bounded.get("open", libvirt.connect(uri, 0, 0));
        AtomicLong taken = new AtomicLong();
        DomainEventStream stream = connection.events(
                new EventStreamOptions().setCapacity(CAPACITY).setWorker(true).setSlowListener(Duration.ofMillis(1)));
        stream.handler(event -> {
            Pauses.pause(1);
            taken.incrementAndGet();
        });
        AtomicLong worst = new AtomicLong();
        Bounded.get("define", connection.call("flood", connect -> {
            Domain domain = connect.domainCreateXML(SteadyEvents.DOMAIN_XML.formatted("flooding"), 0);
            for (long i = 0; i < events / 2; i++) {
                domain.suspend();
                domain.resume();
                worst.accumulateAndGet(stream.waiting(), Math::max);
                // libvirt's own queue has no bound: do not run far ahead of it.
                long due = 2 * i - AHEAD;
                Bounded.until("the loop follows", () -> connection.received() >= due);
            }
            domain.destroy();
            domain.free();
            return null;
        }));
        // Created (started), toggled, destroyed (stopped)
        Bounded.until("libvirt has delivered all", () -> connection.received() >= events + 2);
        long received = connection.received();
        Bounded.until("all is taken or dropped", () -> taken.get() + stream.dropped() == received);
        long dropped = stream.dropped();
        Bounded.get("close", connection.close());
        libvirt.awaitUnfinished(before);
        if (worst.get() > CAPACITY) {
            throw new AssertionError(worst + " events waited in a buffer of " + CAPACITY);
        }
        if (dropped == 0 || stream.slowCalls() == 0) {
            throw new AssertionError("the listener was too quick for this test");
        }
        return Outcome.of(1, 1, dropped > 0 ? 1 : 0).events(events + 2, received);
    }
}
