package io.osevent.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoop;
import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.CallScope;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.Interest;
import io.osevent.bridge.Lease;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.NativePort;
import io.osevent.bridge.RecordedTimeout;
import io.osevent.bridge.ThreadHost;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.NativeFds;
import io.osevent.shim.Seam;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every transport of Vert.x must do for an event set, over every seam, with real descriptors. */
abstract class HostContract {
    private static final int BOUND_SECONDS = 20;

    private Vertx vertx;
    private VertxHost host;
    private EventSet set;
    private NativeContext context;
    private Lease lease;
    private final AtomicInteger ended = new AtomicInteger();

    abstract Vertx newVertx();

    abstract VertxHost newHost(Vertx vertx);

    abstract String transport();

    abstract Seam seam();

    @BeforeEach
    void open() {
        vertx = newVertx();
        host = newHost(vertx);
        assertEquals(transport(), host.transport(), "the transport under test");
        set = EventSet.open(seam(), TurnLimits.DEFAULT, BridgeMetrics.NONE);
        context = NativeContext.permanent(set, "library");
        lease = host.lease(set, ended::incrementAndGet);
    }

    @AfterEach
    void close() throws Exception {
        await(lease.cancel(), "cancel the lease");
        await(vertx.close().toCompletionStage(), "close Vert.x");
        set.close();
    }

    @Test
    void deliversOnTheLoopInsideTheContext() throws Exception {
        int fd = NativeFds.event(0);
        var seenContext = new AtomicReference<Context>();
        var seenThread = new AtomicReference<Thread>();
        LoopFd registration = add(fd, Interest.READABLE, r -> {
            NativeFds.drain(fd);
            seenContext.set(Vertx.currentContext());
            seenThread.set(Thread.currentThread());
        });
        NativeFds.signal(fd);
        registration.awaitCalls(1);
        assertSame(host.context(), seenContext.get());
        assertTrue(loop().inEventLoop(seenThread.get()));
        finish(registration);
    }

    @Test
    void wakesForWhatAnotherThreadChangesWhileTheLoopSleeps() throws Exception {
        for (int round = 0; round < 50; round++) {
            int fd = NativeFds.event(1);
            LoopFd added = add(fd, Interest.READABLE, r -> NativeFds.drain(fd));
            added.awaitCalls(1);
            set.modify(added, Interest.WRITABLE);
            added.awaitCalls(2);
            set.modify(added, 0);
            finish(added);
        }
        LoopTimeout late = new LoopTimeout(context, 60_000);
        set.addPeriodic(late);
        set.reschedule(late, 1);
        late.awaitCalls(1);
        assertTrue(set.remove(late));
        late.awaitFree();
    }

    @Test
    void timersAreNeverEarly() throws Exception {
        for (int millis = 1; millis <= 20; millis++) {
            LoopTimeout timer = new LoopTimeout(context, -1);
            set.addPeriodic(timer);
            long before = System.nanoTime();
            set.reschedule(timer, millis);
            timer.awaitCalls(1);
            long early = millis * 1_000_000L - (timer.lastCall() - before);
            assertTrue(early <= 0, millis + " ms came " + early + " ns early");
            set.remove(timer);
            timer.awaitFree();
        }
    }

    @Test
    void aTimerOfEveryTurnLeavesTheLoopToOthers() throws Exception {
        LoopTimeout zero = new LoopTimeout(context, 0);
        set.addPeriodic(zero);
        zero.awaitCalls(100);
        for (int i = 0; i < 20; i++) {
            roundTrip();
        }
        set.remove(zero);
        zero.awaitFree();
        assertIdle();
    }

    @Test
    void aFloodLeavesTheLoopToOthers() throws Exception {
        List<LoopFd> flood = new ArrayList<>();
        for (int i = 0; i < 1_024; i++) {
            flood.add(add(NativeFds.event(1), Interest.READABLE, r -> {}));
        }
        LoopTimeout timer = new LoopTimeout(context, 1);
        set.addPeriodic(timer);
        for (int i = 0; i < 20; i++) {
            roundTrip();
        }
        timer.awaitCalls(5);
        for (LoopFd registration : flood) {
            registration.awaitCalls(1);
        }
        set.remove(timer);
        timer.awaitFree();
        for (LoopFd registration : flood) {
            finish(registration);
        }
        assertIdle();
    }

    @Test
    void aSlowCallbackThatIsAlwaysDueLeavesTheLoopToOthers() throws Exception {
        LoopFd slow = add(
                NativeFds.event(1), Interest.READABLE, r -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1)));
        slow.awaitCalls(1);
        int worst = 0;
        for (int i = 0; i < 20; i++) {
            int before = slow.calls();
            var found = new CompletableFuture<Integer>();
            host.context().runOnContext(nothing -> found.complete(slow.calls()));
            worst = Math.max(worst, await(found, "a task of the loop") - before);
        }
        // Each of its calls takes a turn's time: the one that runs, and one more.
        assertTrue(worst <= 3, "a task of the loop waited for " + worst + " turns");
        finish(slow);
        assertIdle();
    }

    /** For sockets, which the loop watches in the same way as another set. */
    @Test
    void whatBecomesReadyDuringATurnComesBeforeTheNextTurn() throws Exception {
        assumeTrue(!transport().equals("helper"), "how soon a helper thread runs is the scheduler's");
        int rounds = 20;
        // Its turns have all the time that a busy machine may take: after one that overran, it would let others go
        // first.
        TurnLimits ample = new TurnLimits(128, TimeUnit.SECONDS.toNanos(BOUND_SECONDS), 8, 64, 64, 10_000_000);
        EventSet other = EventSet.open(seam(), ample, BridgeMetrics.NONE);
        Lease second = host.lease(other, () -> {});
        int fd = NativeFds.event(0);
        var signalledIn = new AtomicInteger();
        var worst = new AtomicInteger();
        var slow = new AtomicReference<LoopFd>();
        LoopFd quick = new LoopFd(NativeContext.permanent(other, "other"), fd, Interest.READABLE, r -> {
            NativeFds.drain(fd);
            worst.accumulateAndGet(slow.get().calls() - signalledIn.getAndSet(0), Math::max);
        });
        other.add(quick);
        slow.set(new LoopFd(context, NativeFds.event(1), Interest.READABLE, r -> {
            // Its first call may be a turn that follows none.
            if (r.calls() > 1 && signalledIn.compareAndSet(0, r.calls() + 1)) {
                NativeFds.signal(fd);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }));
        set.add(slow.get());
        quick.awaitCalls(rounds);
        finish(slow.get());
        assertEquals(0, worst.get(), "turns that came before it");
        other.remove(quick);
        quick.awaitFree();
        await(second.cancel(), "cancel the second lease");
        other.close();
        NativeFds.shut(fd);
    }

    @Test
    void churnFromManyThreadsNeverCallsAfterTheFinalizer() throws Exception {
        int threads = 3;
        int rounds = 2_000;
        // A callback that began after ff throws; one between remove and ff had started before remove, and may finish.
        var failures = new AtomicReference<Throwable>();
        host.context().exceptionHandler(failures::set);
        List<Thread> churners = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            churners.add(new Thread(() -> {
                var random = ThreadLocalRandom.current();
                for (int i = 0; i < rounds; i++) {
                    int fd = NativeFds.event(random.nextInt(2));
                    LoopFd registration = add(fd, Interest.READABLE, r -> {});
                    set.modify(registration, random.nextInt(8));
                    set.remove(registration);
                    NativeFds.shut(fd);
                }
            }));
        }
        churners.forEach(Thread::start);
        for (Thread churner : churners) {
            churner.join(TimeUnit.SECONDS.toMillis(BOUND_SECONDS));
            assertFalse(churner.isAlive(), "churn ends in time");
        }
        assertEquals(null, failures.get());
        assertIdle();
        assertEquals((long) threads * rounds, set.stats().registered());
        assertEquals(0, set.stats().unfinished());
        assertEquals(0, set.stats().rebuilds());
    }

    @Test
    void whatACallbackThrowsGoesToTheContextAndDisablesNothing() throws Exception {
        var reported = new CompletableFuture<Throwable>();
        host.context().exceptionHandler(reported::complete);
        int fd = NativeFds.event(1);
        LoopFd registration = add(fd, Interest.READABLE, r -> {
            NativeFds.drain(fd);
            throw new IllegalStateException("user's");
        });
        assertEquals("user's", await(reported, "the exception handler").getMessage());
        NativeFds.signal(fd);
        registration.awaitCalls(2);
        finish(registration);
    }

    @Test
    void aRegularFileIsEmulated(@TempDir Path dir) throws Exception {
        int fd = NativeFds.open(Files.createFile(dir.resolve("file")));
        LoopFd registration = add(fd, Interest.READABLE, r -> {});
        registration.awaitCalls(3);
        roundTrip();
        finish(registration);
        assertIdle();
    }

    @Test
    void cancelEndsAfterTheLastTurnAndTheSetGoesOnElsewhere() throws Exception {
        int fd = NativeFds.event(1);
        var inCallback = new CountDownLatch(1);
        var letGo = new CountDownLatch(1);
        LoopFd registration = add(fd, Interest.READABLE, r -> {
            if (r.calls() == 1) {
                inCallback.countDown();
                awaitLatch(letGo, "the test lets the callback go");
            }
        });
        awaitLatch(inCallback, "the callback begins");
        CompletionStage<Void> cancelled = lease.cancel();
        assertFalse(cancelled.toCompletableFuture().isDone(), "a turn is running");
        letGo.countDown();
        await(cancelled, "cancel the lease");
        int calls = registration.calls();
        roundTrip();
        roundTrip();
        assertEquals(calls, registration.calls(), "no turn after the lease has ended");
        assertEquals(0, ended.get());
        lease = host.lease(set, ended::incrementAndGet);
        registration.awaitCalls(calls + 3);
        finish(registration);
    }

    @Test
    void cancelFromInsideACallback() throws Exception {
        int fd = NativeFds.event(1);
        var cancelled = new CompletableFuture<CompletionStage<Void>>();
        Lease first = lease;
        LoopFd registration = add(fd, Interest.READABLE, r -> cancelled.complete(first.cancel()));
        await(await(cancelled, "the callback"), "the lease ends");
        lease = host.lease(set, ended::incrementAndGet);
        set.remove(registration);
        registration.awaitFree();
    }

    @Test
    void vertxThatClosesEndsTheLeaseAndHooksGoOn() throws Exception {
        int fd = NativeFds.event(0);
        LoopFd registration = add(fd, Interest.READABLE, r -> NativeFds.drain(fd));
        await(vertx.close().toCompletionStage(), "close Vert.x");
        assertEquals(1, ended.get());
        assertThrows(IllegalStateException.class, () -> host.lease(set, () -> {}));
        NativeFds.signal(fd);
        set.modify(registration, Interest.READABLE);
        lease = new ThreadHost("parked", CallScope.PLAIN).lease(set, () -> {});
        registration.awaitCalls(1);
        finish(registration);
    }

    @Test
    void aTurnPostsNothingAndSpinsForNothing() throws Exception {
        int fd = NativeFds.event(0);
        LoopFd registration = add(fd, Interest.READABLE, r -> NativeFds.drain(fd));
        LoopTimeout once = new LoopTimeout(context, 5);
        set.addPeriodic(once);
        once.awaitCalls(1);
        set.reschedule(once, -1);
        assertIdle();
        NativeFds.signal(fd);
        registration.awaitCalls(1);
        assertIdle();
        set.remove(once);
        once.awaitFree();
        finish(registration);
        assertIdle();
    }

    @Test
    void aLoopThatTerminatesWithoutAWordEndsTheLease() throws Exception {
        loop().shutdownGracefully(0, 0, TimeUnit.SECONDS);
        awaitTrue(() -> ended.get() == 1, "the host says that its loop has ended");
        await(lease.cancel(), "the lease has ended");
    }

    @Test
    void whatEscapesFromATurnEndsNoLeaseThoughItsHandlerFailsToo() throws Exception {
        var fails = new AtomicBoolean(true);
        NativePort port = failingOnce(fails);
        EventSet failing = EventSet.open(port, TurnLimits.DEFAULT, BridgeMetrics.NONE);
        host.context().exceptionHandler(failure -> {
            throw new IllegalStateException("the user's handler", failure);
        });
        Lease second = host.lease(failing, () -> {});
        failing.wake();
        awaitTrue(() -> !fails.get(), "the turn that fails");
        LoopTimeout timer = new LoopTimeout(NativeContext.permanent(failing, "library"), 1);
        failing.addPeriodic(timer);
        timer.awaitCalls(1);
        failing.remove(timer);
        timer.awaitFree();
        await(second.cancel(), "cancel the second lease");
        failing.close();
    }

    @Test
    void aLoopKeepsNoLeaseThatHasEnded() throws Exception {
        List<WeakReference<EventSet>> sets = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            EventSet passing = EventSet.open(seam(), TurnLimits.DEFAULT, BridgeMetrics.NONE);
            sets.add(new WeakReference<>(passing));
            await(host.lease(passing, () -> {}).cancel(), "cancel a lease");
            passing.close();
        }
        // The loop may hold the last one until it has something else to do.
        roundTrip();
        awaitTrue(
                () -> {
                    System.gc();
                    return sets.stream().filter(set -> set.get() != null).count() <= 2;
                },
                "the sets are collected");
    }

    /** A timeout of another thread's, on a context that is closed while the loop runs. */
    @Test
    void oneShotsAreDeliveredOnce() throws Exception {
        List<RecordedTimeout> timeouts = new ArrayList<>();
        var all = new CountDownLatch(200);
        for (int i = 0; i < 200; i++) {
            RecordedTimeout timeout = new RecordedTimeout(context, "one-shot" + i).does(all::countDown);
            timeouts.add(timeout);
            set.addOneShot(
                    timeout,
                    seam().wallClockMicros() + ThreadLocalRandom.current().nextInt(20_000));
            set.modifyToNow(timeouts.get(ThreadLocalRandom.current().nextInt(i + 1)));
        }
        awaitLatch(all, "all timeouts");
        assertIdle();
        timeouts.forEach(t -> assertEquals(1, t.calls()));
        timeouts.forEach(t -> assertEquals(1, t.frees()));
    }

    // ---- helpers ----------------------------------------------------------------------------------------------------

    private EventLoop loop() {
        return ((ContextInternal) host.context()).nettyEventLoop();
    }

    private LoopFd add(int fd, int interest, java.util.function.Consumer<LoopFd> callback) {
        LoopFd registration = new LoopFd(context, fd, interest, callback);
        set.add(registration);
        return registration;
    }

    private void finish(LoopFd registration) throws Exception {
        assertTrue(set.remove(registration));
        registration.awaitFree();
        NativeFds.shut(registration.fd());
    }

    /** A task of the loop's own. */
    private void roundTrip() throws Exception {
        var ran = new CompletableFuture<Void>();
        host.context().runOnContext(nothing -> ran.complete(null));
        await(ran, "a task of the loop");
    }

    /** Waits until nothing is queued, and then sees that no turn runs any more. */
    private void assertIdle() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        while (set.stats().finalizersQueued() > 0) {
            assertTrue(System.nanoTime() < end, "finalizers run in time");
            roundTrip();
        }
        assertNotNull(set.describe());
        roundTrip();
        roundTrip();
        try (var front = new FrontProbe(seam(), set)) {
            assertTrue(front.becomesIdle(BOUND_SECONDS), "the set is still readable though nothing is due");
        }
    }

    /** A kernel whose clock fails once on the loop, as anything does that finds no memory. */
    private NativePort failingOnce(AtomicBoolean fails) {
        return (NativePort) Proxy.newProxyInstance(
                NativePort.class.getClassLoader(), new Class<?>[] {NativePort.class}, (proxy, method, arguments) -> {
                    boolean clock = method.getName().equals("nanoTime") && loop().inEventLoop();
                    if (clock && fails.getAndSet(false)) {
                        throw new IllegalStateException("no time");
                    }
                    return method.invoke(seam(), arguments);
                });
    }

    private static void awaitTrue(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what + ": not within " + BOUND_SECONDS + " s");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    static <T> T await(CompletionStage<T> stage, String what) throws Exception {
        try {
            return stage.toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException late) {
            throw new AssertionError(what + ": not within " + BOUND_SECONDS + " s", late);
        }
    }

    static void awaitLatch(CountDownLatch latch, String what) {
        try {
            assertTrue(latch.await(BOUND_SECONDS, TimeUnit.SECONDS), what + ": not within " + BOUND_SECONDS + " s");
        } catch (InterruptedException interrupted) {
            throw new AssertionError(what, interrupted);
        }
    }
}
