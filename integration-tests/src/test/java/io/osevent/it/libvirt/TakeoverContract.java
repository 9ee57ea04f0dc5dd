package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.bridge.EventSetStats;
import io.osevent.it.libvirt.TestDomains.Change;
import io.osevent.shim.SeamKind;
import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libvirt.Connect;

/**
 * The loop goes from one Vert.x to the next while connections are open and other threads make RPCs. What is installed
 * where, undeployed, closed or taken over must make no difference to libvirt.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TakeoverContract {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final int LISTENERS = 6;
    private static final int TOGGLERS = 4;
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final int MORE = 20;
    private static final String PARKED = "osevent-libvirt-parked";

    private final SeamKind seam;
    private LibvirtdRig rig;
    private int started;
    private final List<Vertx> vertxs = new ArrayList<>();
    private final List<Connect> listening = new ArrayList<>();
    private final List<ChangeLog> logs = new ArrayList<>();
    private final List<Toggler> togglers = new ArrayList<>();

    TakeoverContract(SeamKind seam) {
        this.seam = seam;
    }

    @BeforeAll
    void startRig() throws Exception {
        rig = LibvirtdRig.start();
        SeamChoice.use(seam);
    }

    @AfterAll
    void stopRig() {
        if (rig != null) {
            rig.close();
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (Vertx vertx : vertxs) {
            Await.result("Vert.x closes", BOUND, vertx.close());
        }
        vertxs.clear();
    }

    private Vertx newVertx(LoopTransport transport) {
        Vertx vertx = transport.newVertx();
        vertxs.add(vertx);
        return vertx;
    }

    /** Installs the loop as it is started; a verticle's own context must not matter. */
    private static final class Installer extends VerticleBase {
        private final AtomicReference<LibvirtEventLoop> installed = new AtomicReference<>();
        private volatile Context installedOn;

        @Override
        public Future<?> start() {
            return LibvirtEventLoop.install(vertx).onSuccess(loop -> {
                installedOn = Vertx.currentContext();
                installed.set(loop);
            });
        }

        Context own() {
            return context;
        }
    }

    @ParameterizedTest
    @EnumSource(LoopTransport.class)
    void theLoopGoesFromVertxToVertxUnderOpenConnections(LoopTransport transport) throws Exception {
        Vertx first = newVertx(transport);
        Installer installer = new Installer();
        String deployment = Await.result("deployment", BOUND, first.deployVerticle(installer));
        LibvirtEventLoop loop = installer.installed.get();
        assertSame(installer.own(), installer.installedOn, "the future completes on the installer's context");
        assertNotSame(installer.own(), loop.context(), "the loop's context is its own");
        EventSetStats before = loop.stats();
        openConnections();
        awaitTraffic();

        Await.result("undeployment", BOUND, first.undeploy(deployment));
        assertTrue(loop.isActive(), "the verticle's undeployment does not end the loop");
        awaitTraffic();
        refusesASecondInstall(first);

        Await.result("the first Vert.x closes", BOUND, first.close());
        assertFalse(loop.isActive());
        awaitTraffic();
        assertTrue(BridgeThreads.live().contains(PARKED));
        ExecutionException ended = assertThrows(
                ExecutionException.class, () -> Await.result("install", BOUND, LibvirtEventLoop.install(first)));
        assertEquals(IllegalStateException.class, ended.getCause().getClass());
        OneLine.check(ended.getCause());
        awaitTraffic();

        Vertx second = newVertx(transport);
        LibvirtEventLoop taken = Await.result("install from a worker", BOUND, installFromWorker(second));
        assertTrue(taken.isActive());
        assertFalse(loop.isActive());
        Await.until("the parked thread ends", BOUND, () -> !BridgeThreads.live().contains(PARKED));
        awaitTraffic();
        // A loop whose Vert.x has gone takes nothing from its successor, and has nothing to wait for.
        Await.result("the former loop closes", BOUND, loop.close(BOUND.multipliedBy(2)));
        assertTrue(taken.isActive());
        awaitTraffic();

        stopAndCheckEvents();
        Await.result("the loop closes", BOUND, taken.close());
        EventSetStats after = taken.stats();
        assertEquals(
                0, after.fds() + after.timeouts(), () -> taken.registrations().toString());
        assertEquals(after.registered(), after.finalized(), "adds and ffs");
        long added = after.registered() - before.registered();
        assertTrue(added >= 2 * (LISTENERS + TOGGLERS), () -> "a handle and a timer each, but " + added);
    }

    /** Connections are open when the loop is closed: what is registered goes on on the parked thread. */
    @ParameterizedTest
    @EnumSource(LoopTransport.class)
    void aClosedLoopLeavesOpenConnectionsToTheParkedThread(LoopTransport transport) throws Exception {
        Vertx vertx = newVertx(transport);
        LibvirtEventLoop loop = Await.result("install", BOUND, LibvirtEventLoop.install(vertx));
        openConnections();
        awaitTraffic();

        Await.result("the loop closes", BOUND, loop.close(Duration.ofMillis(50)));
        assertFalse(loop.isActive());
        assertNotEquals(0, loop.stats().fds(), "connections are open");
        awaitTraffic();
        LibvirtEventLoop again = Await.result("install again", BOUND, LibvirtEventLoop.install(vertx));
        awaitTraffic();

        stopAndCheckEvents();
        Await.result("the loop closes", BOUND, again.close());
        assertEquals(0, again.stats().unfinished(), () -> again.registrations().toString());
    }

    private static void refusesASecondInstall(Vertx vertx) {
        for (int attempt = 0; attempt < 2; attempt++) {
            ExecutionException refused = assertThrows(
                    ExecutionException.class,
                    () -> Await.result("second install", BOUND, LibvirtEventLoop.install(vertx)));
            assertEquals(IllegalStateException.class, refused.getCause().getClass());
            OneLine.check(refused.getCause());
            assertTrue(refused.getCause().getMessage().contains("already installed"), refused.getMessage());
        }
    }

    private static Future<LibvirtEventLoop> installFromWorker(Vertx vertx) {
        AtomicReference<LibvirtEventLoop> installed = new AtomicReference<>();
        VerticleBase worker = new VerticleBase() {
            @Override
            public Future<?> start() {
                assertTrue(Context.isOnWorkerThread());
                return LibvirtEventLoop.install(vertx).onSuccess(loop -> {
                    assertTrue(Context.isOnWorkerThread());
                    assertTrue(loop.context().isEventLoopContext());
                    installed.set(loop);
                });
            }
        };
        return vertx.deployVerticle(worker, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER))
                .map(deployment -> installed.get());
    }

    private void openConnections() throws Exception {
        String uri = rig.uri("test");
        for (int i = 0; i < LISTENERS; i++) {
            Connect connect = new Connect(uri);
            connect.setKeepAlive(1, 5);
            listening.add(connect);
            logs.add(ChangeLog.ofToggles(connect));
        }
        for (int i = 0; i < TOGGLERS; i++) {
            togglers.add(Toggler.start(uri, "toggler" + ++started, 2, PAUSE));
        }
    }

    /** RPCs from other threads return, and events still come on every connection. */
    private void awaitTraffic() throws Exception {
        for (Toggler toggler : togglers) {
            toggler.awaitMore(MORE, BOUND);
        }
        for (ChangeLog log : logs) {
            log.awaitSize(log.size() + MORE, BOUND);
        }
    }

    private void stopAndCheckEvents() throws Exception {
        List<List<Change>> expected = new ArrayList<>();
        int all = 0;
        for (Toggler toggler : togglers) {
            List<Change> made = toggler.stop(BOUND);
            expected.add(made);
            all += made.size();
        }
        for (ChangeLog log : logs) {
            log.awaitSize(all, BOUND);
            assertFalse(log.overlapped(), "two callbacks at once");
            List<Change> seen = log.changes();
            assertEquals(all, seen.size());
            for (int i = 0; i < togglers.size(); i++) {
                Toggler toggler = togglers.get(i);
                assertEquals(
                        expected.get(i), seen.stream().filter(toggler::owns).toList());
            }
        }
        for (int i = 0; i < logs.size(); i++) {
            logs.get(i).stop();
            listening.get(i).close();
        }
        for (Toggler toggler : togglers) {
            toggler.close();
        }
        logs.clear();
        listening.clear();
        togglers.clear();
    }
}
