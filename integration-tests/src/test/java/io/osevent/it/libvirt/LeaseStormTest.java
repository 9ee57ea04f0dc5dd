package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.it.libvirt.TestDomains.Change;
import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.libvirt.Connect;

/**
 * Several Vert.x, on every transport, snatch the loop from each other as fast as they can, and are closed as they have it,
 * while connections are open and events flow. One of them at most has it at a time, and libvirt notices nothing.
 */
class LeaseStormTest {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final int ROUNDS = 25;
    private static final int CLOSING_ROUNDS = 90;
    private static final int LATEST_CLOSE_NANOS = 2_000_000;
    private static final int MORE = 20;
    private static final long SEED = 20_261_121;

    private final AtomicInteger installed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger holders = new AtomicInteger();

    @Test
    void oneAtATimeHasTheLoopAndNothingIsLost() throws Exception {
        Vertx first = Vertx.vertx();
        try (LibvirtdRig rig = LibvirtdRig.start()) {
            LibvirtEventLoop loop = Await.result("install", BOUND, LibvirtEventLoop.install(first));
            Connect connect = new Connect(rig.uri("test"));
            ChangeLog log = ChangeLog.ofToggles(connect);
            List<Toggler> togglers = List.of(
                    Toggler.start(rig.uri("test"), "storm1", 2, PAUSE),
                    Toggler.start(rig.uri("test"), "storm2", 2, PAUSE));
            Await.result("the loop closes", BOUND, loop.close(Duration.ZERO));

            List<LoopTransport> transports = Stream.of(LoopTransport.values())
                    .filter(LoopTransport::isAvailable)
                    .toList();
            ExecutorService snatchers = Executors.newFixedThreadPool(transports.size());
            List<Callable<Void>> all = new ArrayList<>();
            for (LoopTransport transport : transports) {
                all.add(() -> snatch(transport));
            }
            for (var snatched : snatchers.invokeAll(all, 3 * BOUND.toSeconds(), TimeUnit.SECONDS)) {
                snatched.get();
            }
            snatchers.shutdown();

            for (Toggler toggler : togglers) {
                toggler.awaitMore(MORE, BOUND);
            }
            checkEvents(log, togglers);
            log.stop();
            connect.close();
            LibvirtEventLoop last = Await.result("install", BOUND, LibvirtEventLoop.install(first));
            Await.result("the loop closes", BOUND, last.close());
            assertEquals(last.stats().registered(), last.stats().finalized(), "adds and ffs");
            System.out.printf("lease storm: %d installed, %d refused%n", installed.get(), refused.get());
            assertTrue(installed.get() >= ROUNDS, "installed " + installed);
        } finally {
            Await.result("Vert.x closes", BOUND, first.close());
        }
    }

    /** The install comes at each stage of the close: before it, within it, and when the loops have gone. */
    @Test
    void aVertxThatClosesWhileItInstallsKeepsNothing() throws Exception {
        LibvirtRequirement.assumeMet();
        Random random = new Random(SEED);
        for (int round = 0; round < CLOSING_ROUNDS; round++) {
            LoopTransport transport = LoopTransport.values()[round % LoopTransport.values().length];
            if (transport.isAvailable()) {
                closeWhileItInstalls(transport.newVertx(), random.nextInt(LATEST_CLOSE_NANOS));
            }
        }
        Vertx last = Vertx.vertx();
        try {
            LibvirtEventLoop loop = Await.result("install", BOUND, LibvirtEventLoop.install(last));
            assertTrue(loop.isActive());
            Await.result("the loop closes", BOUND, loop.close());
        } finally {
            Await.result("Vert.x closes", BOUND, last.close());
        }
    }

    private Void snatch(LoopTransport transport) throws Exception {
        Random random = new Random(SEED + transport.ordinal());
        Vertx vertx = transport.newVertx();
        try {
            for (int done = 0; done < ROUNDS; ) {
                if (random.nextInt(10) == 0) {
                    closeWhileItInstalls(vertx, 0);
                    vertx = transport.newVertx();
                }
                LibvirtEventLoop loop;
                try {
                    loop = Await.result("install", BOUND, LibvirtEventLoop.install(vertx));
                } catch (ExecutionException e) {
                    OneLine.check(e.getCause());
                    assertEquals(IllegalStateException.class, e.getCause().getClass());
                    refused.incrementAndGet();
                    Await.pause();
                    continue;
                }
                assertEquals(1, holders.incrementAndGet(), "holders of the loop");
                assertTrue(loop.isActive());
                installed.incrementAndGet();
                done++;
                holders.decrementAndGet();
                if (random.nextInt(5) == 0) {
                    Vertx closing = vertx;
                    vertx = transport.newVertx();
                    Await.result("Vert.x closes", BOUND, closing.close());
                } else {
                    Await.result("the loop closes", BOUND, loop.close(Duration.ZERO));
                }
                assertFalse(loop.isActive());
            }
        } finally {
            Await.result("Vert.x closes", BOUND, vertx.close());
        }
        return null;
    }

    /** Both end, whoever is first. */
    private static void closeWhileItInstalls(Vertx vertx, long closeAfterNanos) throws Exception {
        Future<LibvirtEventLoop> install = LibvirtEventLoop.install(vertx);
        long start = System.nanoTime();
        while (System.nanoTime() - start < closeAfterNanos) {
            Thread.onSpinWait();
        }
        Future<Void> close = vertx.close();
        try {
            Await.result("install on a Vert.x that is closed meanwhile", BOUND, install);
        } catch (ExecutionException e) {
            assertEquals(IllegalStateException.class, e.getCause().getClass());
            OneLine.check(e.getCause());
        }
        Await.result("Vert.x closes while the loop is installed", BOUND, close);
    }

    private static void checkEvents(ChangeLog log, List<Toggler> togglers) throws Exception {
        List<List<Change>> expected = new ArrayList<>();
        for (Toggler toggler : togglers) {
            expected.add(toggler.stop(BOUND));
        }
        log.awaitSize(expected.stream().mapToInt(List::size).sum(), BOUND);
        assertFalse(log.overlapped(), "two callbacks at once");
        for (int i = 0; i < togglers.size(); i++) {
            assertEquals(
                    expected.get(i),
                    log.changes().stream().filter(togglers.get(i)::owns).toList());
            togglers.get(i).close();
        }
    }
}
