package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.bridge.EventSetStats;
import io.osevent.it.libvirt.TestDomains.Change;
import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.event.ConnectionCloseReason;

/**
 * Sixty connections through a real libvirtd on one event loop, half of them to QEMU and half to the test driver, with
 * RPCs from other threads and events all the time. The daemon hangs, dies and comes back; the loop answers throughout.
 */
class ManyHostsTest {
    private static final Duration BOUND = Duration.ofSeconds(30);
    /** How long the event loop may be away, on a machine that is busy with something else. */
    private static final Duration RESPONSIVE = Duration.ofSeconds(2);

    private static final int HALF = 30;
    private static final int TOGGLERS = 4;
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int MORE = 20;
    /** VIR_DOMAIN_START_PAUSED. */
    private static final int START_PAUSED = 1;

    private static LibvirtdRig rig;
    private static Vertx vertx;
    private static LibvirtEventLoop loop;
    private static int started;

    private final List<WatchedHost> qemus = new ArrayList<>();
    private final List<WatchedHost> tests = new ArrayList<>();
    private final List<Toggler> togglers = new ArrayList<>();
    private RoundTrips trips;

    @BeforeAll
    static void startRig() throws Exception {
        rig = LibvirtdRig.start();
        vertx = Vertx.vertx();
        loop = Await.result("install", BOUND, LibvirtEventLoop.install(vertx));
    }

    @AfterAll
    static void stopRig() throws Exception {
        if (vertx != null) {
            Await.result("Vert.x closes", BOUND, vertx.close());
        }
        if (rig != null) {
            rig.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        trips = RoundTrips.start(loop.context(), RESPONSIVE);
        openAll();
    }

    private void openAll() throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < HALF; i++) {
            qemus.add(WatchedHost.open(rig.uri("qemu")));
            tests.add(WatchedHost.open(rig.uri("test")));
        }
        for (int i = 0; i < TOGGLERS; i++) {
            togglers.add(Toggler.start(rig.uri("test"), "many" + ++started, 2, PAUSE));
        }
        System.out.printf(
                "many hosts: %d connections in %.0f ms%n", 2 * HALF + TOGGLERS, (System.nanoTime() - start) / 1e6);
    }

    @AfterEach
    void closeAndCheckThatNothingIsLeft() throws Exception {
        System.out.println("many hosts: " + trips.stop());
        closeHosts();
        Await.until(
                "libvirt gives up its registrations: " + loop.registrations(),
                BOUND,
                () -> loop.stats().unfinished() == 0);
        EventSetStats stats = loop.stats();
        assertEquals(0, stats.fds() + stats.timeouts() + stats.finalizersQueued());
        assertTrue(stats.registered() >= 2L * HALF, "adds " + stats.registered());
    }

    private void closeHosts() throws Exception {
        for (WatchedHost host : qemus) {
            host.close();
        }
        for (WatchedHost host : tests) {
            host.close();
        }
        qemus.clear();
        tests.clear();
    }

    @Test
    void everyConnectionSeesAGuestsLifeInOrder() throws Exception {
        SeenReboots reboots = SeenReboots.on(rig.uri("qemu"));
        Life life = new Life(rig.guest("life", Guest.Variant.WAIT));
        life.createPaused();
        life.resume();
        life.awaitConsole(Guest.BANNER);
        life.suspend();
        life.resume();
        life.domain.reboot(0);
        reboots.expect("life");
        life.awaitConsole(Guest.BANNER_AGAIN);
        life.domain.shutdown();
        life.expect("SHUTDOWN (UNKNOWN)", "STOPPED (SHUTDOWN)");
        life.domain.free();

        Life second = new Life(rig.guest("second", Guest.Variant.POWER_OFF), life.expected);
        second.createPaused();
        second.domain.resume();
        second.expect("RESUMED (UNPAUSED)", "SHUTDOWN (UNKNOWN)", "STOPPED (SHUTDOWN)");
        second.domain.free();

        Life third = new Life(rig.guest("third", Guest.Variant.WAIT), life.expected);
        third.createPaused();
        third.resume();
        rig.killGuest("third");
        third.expect("STOPPED (FAILED)");
        third.domain.free();
        reboots.stop();

        for (WatchedHost host : qemus) {
            host.log().awaitSize(life.expected.size(), BOUND);
            assertEquals(life.expected, host.log().changes());
            assertFalse(host.log().overlapped());
        }
        int toggles = stopTogglersAndCheckEvents();
        System.out.printf(
                "many hosts: %d events of guests on each of %d connections, %d of the test driver on each of %d%n",
                life.expected.size(), HALF, toggles, HALF);
    }

    @Test
    void aDaemonThatHangsIsNoticedByEachConnectionAndHoldsUpNothing() throws Exception {
        awaitTraffic();
        long start = System.nanoTime();
        rig.sigstop();
        CompletableFuture<Connect> waiting = new CompletableFuture<>();
        Thread opener = new Thread(() -> openLate(waiting), "opens while the daemon hangs");
        opener.setDaemon(true);
        opener.start();
        // What does not depend on this daemon goes on.
        Connect local = new Connect("test:///default");
        TestDomains domains = TestDomains.create(local, "local", 2);
        ChangeLog log = ChangeLog.ofToggles(local);
        List<Change> expected = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            expected.add(domains.toggle(i % 2));
        }
        log.awaitSize(expected.size(), BOUND);
        assertEquals(expected, log.changes());
        domains.destroy();
        log.stop();
        local.close();

        awaitAllClosed(ConnectionCloseReason.KEEPALIVE);
        System.out.printf("many hosts: a hang is noticed by all in %.0f ms%n", (System.nanoTime() - start) / 1e6);
        abandonTogglers();
        closeHosts();
        rig.sigcont();
        waiting.get(BOUND.toSeconds(), TimeUnit.SECONDS).close();
        openAll();
        awaitTraffic();
        stopTogglersAndCheckEvents();
    }

    @Test
    void aDaemonThatDiesIsNoticedAtOnceAndItsSuccessorHasTheGuests() throws Exception {
        Life survivor = new Life(rig.guest("survivor", Guest.Variant.WAIT));
        survivor.createPaused();
        survivor.resume();
        survivor.domain.free();
        awaitTraffic();

        long start = System.nanoTime();
        rig.kill9();
        awaitAllClosed(ConnectionCloseReason.EOF);
        System.out.printf("many hosts: a death is noticed by all in %.0f ms%n", (System.nanoTime() - start) / 1e6);
        abandonTogglers();
        LibvirtException refused = assertThrows(LibvirtException.class, () -> new Connect(rig.uri("qemu")));
        OneLine.check(refused);
        closeHosts();
        Await.until(
                "the broken connections leave nothing",
                BOUND,
                () -> loop.stats().unfinished() == 0);

        rig.startDaemon();
        openAll();
        awaitTraffic();
        Life found = new Life(qemus.get(0).connect().domainLookupByName("survivor"));
        found.suspend();
        found.resume();
        for (WatchedHost host : qemus) {
            host.log().awaitSize(found.expected.size(), BOUND);
            assertEquals(found.expected, host.log().changes());
        }
        found.domain.destroy();
        Await.until("the guest's end is seen", BOUND, () -> qemus.stream().allMatch(found::sawItsEnd));
        found.domain.free();
        stopTogglersAndCheckEvents();
    }

    private void openLate(CompletableFuture<Connect> waiting) {
        try {
            waiting.complete(new Connect(rig.uri("test")));
        } catch (LibvirtException e) {
            waiting.completeExceptionally(e);
        }
    }

    private void awaitTraffic() throws Exception {
        for (Toggler toggler : togglers) {
            toggler.awaitMore(MORE, BOUND);
        }
        for (WatchedHost host : tests) {
            host.log().awaitSize(host.log().size() + MORE, BOUND);
        }
    }

    private void awaitAllClosed(ConnectionCloseReason reason) throws Exception {
        for (WatchedHost host : qemus) {
            assertEquals(reason, host.awaitClosed(BOUND));
        }
        for (WatchedHost host : tests) {
            assertEquals(reason, host.awaitClosed(BOUND));
        }
    }

    /** Threads that are in an RPC when the connection breaks get it back with an error. */
    private void abandonTogglers() throws Exception {
        for (Toggler toggler : togglers) {
            OneLine.check(toggler.awaitFailure(BOUND));
            toggler.abandon();
        }
        togglers.clear();
    }

    private int stopTogglersAndCheckEvents() throws Exception {
        int all = 0;
        List<List<Change>> expected = new ArrayList<>();
        for (Toggler toggler : togglers) {
            List<Change> made = toggler.stop(BOUND);
            expected.add(made);
            all += made.size();
        }
        for (WatchedHost host : tests) {
            host.log().awaitSize(all, BOUND);
            List<Change> seen = host.log().changes();
            assertEquals(all, seen.size());
            for (int i = 0; i < togglers.size(); i++) {
                assertEquals(
                        expected.get(i),
                        seen.stream().filter(togglers.get(i)::owns).toList());
            }
        }
        for (Toggler toggler : togglers) {
            toggler.close();
        }
        togglers.clear();
        return all;
    }

    /** What one guest does, and what every connection to QEMU must see of it. */
    private final class Life {
        private final Guest guest;
        private final List<Change> expected;
        private Domain domain;

        Life(Guest guest) {
            this(guest, new ArrayList<>());
        }

        Life(Guest guest, List<Change> expected) {
            this.guest = guest;
            this.expected = expected;
        }

        Life(Domain domain) {
            this(null, new ArrayList<>());
            this.domain = domain;
        }

        /** A guest that runs at once would overtake the news of its start. */
        void createPaused() throws Exception {
            domain = qemus.get(0).connect().domainCreateXML(guest.xml(), START_PAUSED);
            expect("STARTED (BOOTED)", "SUSPENDED (PAUSED)");
        }

        void resume() throws Exception {
            domain.resume();
            expect("RESUMED (UNPAUSED)");
        }

        void suspend() throws Exception {
            domain.suspend();
            expect("SUSPENDED (PAUSED)");
        }

        void expect(String... events) throws Exception {
            for (String event : events) {
                expected.add(new Change(domain.getName(), event));
            }
            qemus.get(0).log().awaitSize(expected.size(), BOUND);
        }

        void awaitConsole(String text) throws Exception {
            Await.until(
                    guest + " prints: " + text, BOUND, () -> guest.consoleLog().contains(text));
        }

        boolean sawItsEnd(WatchedHost host) {
            return host.log().changes().contains(new Change("survivor", "STOPPED (DESTROYED)"));
        }
    }
}
