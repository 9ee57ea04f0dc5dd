package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.osevent.bridge.EventSetStats;
import io.osevent.it.libvirt.TestDomains.Change;
import io.osevent.shim.SeamKind;
import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libvirt.Connect;

/**
 * A flood of events from libvirt's built-in driver, on each transport in turn: one process, one registration with libvirt,
 * three Vert.x that have the loop one after the other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FloodContract {
    private static final int EVENTS = 40_000;
    private static final int DOMAINS = 16;
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final SeamKind seam;

    FloodContract(SeamKind seam) {
        this.seam = seam;
    }

    @BeforeAll
    void chooseSeam() {
        LibvirtRequirement.assumeMet();
        SeamChoice.use(seam);
    }

    @ParameterizedTest
    @EnumSource(LoopTransport.class)
    void eventsArriveInOrderAndNothingIsLeft(LoopTransport transport) throws Exception {
        Vertx vertx = transport.newVertx();
        try {
            Set<String> threads = BridgeThreads.live();
            LibvirtEventLoop loop = Await.result("install", BOUND, LibvirtEventLoop.install(vertx));
            assertEquals(transport.label(), loop.transport());
            assertEquals(seam == SeamKind.SHIM ? "shim" : "jna", loop.seam());
            // The first install asks libvirt for a timer, to see whose hooks it calls; its ff may come a moment later.
            Await.until("nothing is registered yet", BOUND, () -> loop.stats().unfinished() == 0);
            EventSetStats before = loop.stats();

            Connect connect = new Connect("test:///default");
            TestDomains domains = TestDomains.create(connect, "flood", DOMAINS);
            ChangeLog log = ChangeLog.ofToggles(connect);
            List<Change> expected = new ArrayList<>(EVENTS);
            Random random = new Random(EVENTS);
            long start = System.nanoTime();
            for (int i = 0; i < EVENTS; i++) {
                expected.add(domains.toggle(random.nextInt(DOMAINS)));
            }
            log.awaitSize(EVENTS, BOUND);
            long nanos = System.nanoTime() - start;

            assertEquals(expected, log.changes());
            assertFalse(log.overlapped(), "two callbacks at once");
            assertEquals(1, log.threads().size(), () -> "callbacks on " + log.threads());
            assertEquals(Set.of(), BridgeThreads.madeSince(threads), "threads of the bridge");

            domains.destroy();
            log.stop();
            connect.close();
            Await.result("close", BOUND, loop.close());
            EventSetStats after = loop.stats();
            assertEquals(
                    0,
                    after.fds() + after.timeouts(),
                    () -> loop.registrations().toString());
            assertEquals(after.registered(), after.finalized(), "adds and ffs");
            assertEquals(0, after.finalizersQueued());
            System.out.printf(
                    "flood: %s over %s: %d events in %.0f ms, %d adds, %d ffs%n",
                    transport.label(),
                    loop.seam(),
                    EVENTS,
                    nanos / 1e6,
                    after.registered() - before.registered(),
                    after.finalized() - before.finalized());
        } finally {
            Await.result("Vert.x closes", BOUND, vertx.close());
        }
    }
}
