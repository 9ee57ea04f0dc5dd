package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.event.LifecycleListener;

/** What a listener may do while the event loop is inside it: everything, as in libvirt. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InsideCallbackTest {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final int DOMAINS = 3;

    private LibvirtdRig rig;
    private final List<Vertx> vertxs = new ArrayList<>();

    /** What a listener does once; its failure is the test's. */
    @FunctionalInterface
    private interface Action<T> {
        T run(Connect connect, Domain domain, LifecycleListener self) throws Exception;
    }

    @BeforeAll
    void startRig() throws Exception {
        rig = LibvirtdRig.start();
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

    @ParameterizedTest
    @EnumSource(LoopTransport.class)
    void aListenerIsOnTheLoopsContextAndMakesRpcs(LoopTransport transport) throws Exception {
        LibvirtEventLoop loop = install(transport);
        AtomicReference<Context> context = new AtomicReference<>();

        int domains = insideCallback((connect, domain, self) -> {
            context.set(Vertx.currentContext());
            domain.getInfo();
            domain.getXMLDesc(0);
            connect.removeLifecycleListener(self);
            return connect.numOfDomains();
        });

        assertEquals(DOMAINS + 1, domains);
        assertSame(loop.context(), context.get());
        closeAndCheck(loop);
    }

    @ParameterizedTest
    @EnumSource(LoopTransport.class)
    void aListenerClosesItsConnectionAndOpensAnother(LoopTransport transport) throws Exception {
        LibvirtEventLoop loop = install(transport);

        String uri = insideCallback((connect, domain, self) -> {
            connect.removeLifecycleListener(self);
            connect.close();
            Connect other = new Connect(rig.uri("test"));
            try {
                return other.getURI();
            } finally {
                other.close();
            }
        });

        assertEquals(rig.uri("test"), uri);
        closeAndCheck(loop);
    }

    @ParameterizedTest
    @EnumSource(LoopTransport.class)
    void aListenerClosesTheLoop(LoopTransport transport) throws Exception {
        LibvirtEventLoop loop = install(transport);

        Future<Void> closed = insideCallback((connect, domain, self) -> {
            connect.removeLifecycleListener(self);
            return loop.close(Duration.ZERO);
        });

        Await.result("the loop closes", BOUND, closed);
        assertFalse(loop.isActive());
        closeAndCheck(install(transport));
    }

    @ParameterizedTest
    @EnumSource(LoopTransport.class)
    void aListenerClosesVertx(LoopTransport transport) throws Exception {
        LibvirtEventLoop loop = install(transport);
        Vertx vertx = vertxs.get(0);

        Future<Void> closed = insideCallback((connect, domain, self) -> {
            connect.removeLifecycleListener(self);
            return vertx.close();
        });

        Await.result("Vert.x closes", BOUND, closed);
        assertFalse(loop.isActive());
        closeAndCheck(install(transport));
    }

    private LibvirtEventLoop install(LoopTransport transport) throws Exception {
        Vertx vertx = transport.newVertx();
        vertxs.add(vertx);
        return Await.result("install", BOUND, LibvirtEventLoop.install(vertx));
    }

    /** Does something inside the first of several callbacks of a connection, while others of it are due. */
    private <T> T insideCallback(Action<T> action) throws Exception {
        Connect driver = new Connect(rig.uri("test"));
        TestDomains domains = TestDomains.create(driver, "inside", DOMAINS);
        Connect connect = new Connect(rig.uri("test"));
        CompletableFuture<T> done = new CompletableFuture<>();
        LifecycleListener listener = new LifecycleListener() {
            @Override
            public int onLifecycleChange(Domain domain, org.libvirt.event.DomainEvent event) {
                if (!done.isDone()) {
                    try {
                        done.complete(action.run(connect, domain, this));
                    } catch (Exception e) {
                        done.completeExceptionally(e);
                    }
                }
                free(domain);
                return 0;
            }
        };
        connect.addLifecycleListener(listener);
        for (int i = 0; i < DOMAINS; i++) {
            domains.toggle(i);
        }
        try {
            return done.get(BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new TimeoutException("not within " + BOUND + ": what a listener does inside a callback");
        } finally {
            domains.destroy();
            driver.close();
            connect.close();
        }
    }

    private static void free(Domain domain) {
        try {
            domain.free();
        } catch (LibvirtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void closeAndCheck(LibvirtEventLoop loop) throws Exception {
        Await.until(
                "libvirt gives up its registrations", BOUND, () -> loop.stats().unfinished() == 0);
        Await.result("the loop closes", BOUND, loop.close());
        assertEquals(loop.stats().registered(), loop.stats().finalized(), "adds and ffs");
    }
}
