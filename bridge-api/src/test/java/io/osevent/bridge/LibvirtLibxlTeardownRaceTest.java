package io.osevent.bridge;

import static io.osevent.bridge.Interest.READABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * libvirt's libxl driver, "RFC: libxl race fixes" (2013). (a) The loop has harvested R; the library deregisters R and
 * frees it; the loop calls back into it. (b) The context is freed while registrations remain, or never freed because they
 * do. (c) Timeouts outlive the context, or one is delivered by its timer and by the drain.
 *
 * <p>Here: a reference for the library, one for each call, and a disabled state; every timeout that was modified to now is
 * delivered exactly once, before the context is freed; and the context is freed once, with no call inside it.
 */
class LibvirtLibxlTeardownRaceTest {
    private static final int MORE_THAN_ANY_BOUND = 10_000;

    private static int scenarios;

    private final SlotTable slots = new SlotTable();
    private final CoreFixture core = new CoreFixture(TurnLimits.DEFAULT, slots, -1);
    private final Dispatch dispatch = new Dispatch(core.set, slots, BridgeMetrics.NONE);
    private final SteppedWorker worker = new SteppedWorker();
    private final SimLibrary onWorker =
            new SimLibrary(NativeContext.onWorker(core.set, "context on a worker", worker, CallScope.PLAIN));
    private final SimLibrary onLoop = new SimLibrary(NativeContext.onLoop(core.set, "context on the loop"));

    @AfterAll
    static void log() {
        ProofLog.held("replay-libvirt-libxl-teardown-race", "replay", scenarios, "schedules");
    }

    @Nested
    class HarvestedAndThenDeregistered {
        private final int fd = core.kernel.open();
        private final RecordedFd r = onLoop.fd("r", fd, READABLE);
        private final Turn turn = core.set.turn();

        @Test
        void beforeTheClaim() {
            core.kernel.ready(fd, READABLE);
            assertEquals(1, turn.harvest(8));
            FdEntry.View view = turn.entry(0);
            core.set.remove(r);
            assertEquals(0, dispatch.claim(view.registrations()[0], turn.events(0)));
            core.host.settle(3);
            assertEquals(List.of(0, 1), List.of(r.calls(), r.frees()));
            scenarios++;
        }

        @Test
        void betweenClaimAndCall() {
            core.kernel.ready(fd, READABLE);
            turn.harvest(8);
            assertEquals(READABLE, dispatch.claim(turn.entry(0).registrations()[0], turn.events(0)));
            core.set.remove(r);
            core.host.settle(3);
            assertEquals(0, r.frees(), "the loop's reference keeps it");
            dispatch.call(r, READABLE, core.host);
            dispatch.release(r);
            core.host.settle(3);
            assertEquals(List.of(1, 1), List.of(r.calls(), r.frees()));
            assertEquals(List.of(), core.host.failures());
            scenarios++;
        }
    }

    @Nested
    class EveryOrderOfFireModifyAndDrain {
        @Test
        void onTheLoop() {
            everyOrder(true);
        }

        @Test
        void onAWorker() {
            everyOrder(false);
        }

        /** Each order of the steps, each on a fresh core. */
        private void everyOrder(boolean loop) {
            List<List<String>> orders = new ArrayList<>();
            permute(List.of("due", "turn", "modify", "worker", "drain"), List.of(), orders);
            for (List<String> order : orders) {
                LibvirtLibxlTeardownRaceTest fresh = new LibvirtLibxlTeardownRaceTest();
                fresh.deliverOnce(loop ? fresh.onLoop : fresh.onWorker, order);
                scenarios++;
            }
            assertEquals(120, orders.size());
        }
    }

    private void deliverOnce(SimLibrary library, List<String> order) {
        RecordedTimeout timeout = library.oneShot("timeout", core.kernel.wallClockMicros() + 1_000);
        // Another timeout keeps the drain busy, so that there is a first pass and a later one.
        RecordedTimeout other = library.oneShot("other", core.kernel.wallClockMicros() + 1_000_000);
        core.set.modifyToNow(other);
        Teardown teardown = new Teardown(library.context, worker, library, MORE_THAN_ANY_BOUND);
        CompletableFuture<Teardown.Report> report = null;
        for (String step : order) {
            switch (step) {
                case "due" -> core.kernel.advance(2_000_000);
                case "turn" -> core.host.step();
                case "modify" -> core.set.modifyToNow(timeout);
                case "worker" -> worker.step();
                default -> report = teardown.start().toCompletableFuture();
            }
        }
        for (int i = 0; i < 30; i++) {
            core.host.step();
            worker.step();
        }
        assertTrue(report.isDone() && report.join().freed(), () -> order + ": not freed");
        assertEquals(1, timeout.calls(), () -> order + ": deliveries");
        assertEquals(1, other.calls(), () -> order + ": deliveries of the other");
        assertEquals("free", library.log.get(library.log.size() - 1), () -> order + ": nothing after free");
        nothingIsLeft(library);
    }

    private void nothingIsLeft(SimLibrary library) {
        core.host.settle(5);
        assertTrue(library.isFreed());
        assertEquals(0, core.set.stats().unfinished(), "ff count = registrations");
        assertEquals("", core.kernel.describe(core.set.backSet()));
        assertEquals(List.of(), core.set.describe());
    }

    private static void permute(List<String> rest, List<String> chosen, List<List<String>> all) {
        if (rest.isEmpty()) {
            all.add(chosen);
        }
        for (String next : rest) {
            List<String> others = new ArrayList<>(rest);
            others.remove(next);
            List<String> longer = new ArrayList<>(chosen);
            longer.add(next);
            permute(others, longer, all);
        }
    }

    @Test
    void aTimeoutModifiedByTheDrainsOwnCallWhileItWaitsForTheWorker() {
        RecordedTimeout x = onWorker.oneShot("x", core.kernel.wallClockMicros() + 1_000);
        RecordedTimeout y = onWorker.oneShot("y", core.kernel.wallClockMicros() + 1_000_000);
        y.does(() -> core.set.modifyToNow(x));
        Teardown teardown = new Teardown(onWorker.context, worker, onWorker, MORE_THAN_ANY_BOUND);
        var report = teardown.start().toCompletableFuture();
        worker.step();
        worker.step();
        core.kernel.advance(2_000_000);
        core.host.step();
        assertEquals(2, worker.waiting(), "the drain, and x behind it");
        core.set.modifyToNow(y);
        worker.settle(20);
        assertTrue(report.join().freed());
        assertEquals(List.of(1, 1), List.of(x.calls(), y.calls()));
        nothingIsLeft(onWorker);
        scenarios++;
    }

    @Test
    void registrationsThatOnlyFreeRemovesDoNotKeepTheContextAlive() {
        RecordedFd removedByFree = onWorker.fd("removed by free", core.kernel.open(), READABLE);
        RecordedFd forgotten = onWorker.fd("forgotten", core.kernel.open(), READABLE);
        RecordedTimeout pending = onWorker.oneShot("pending", core.kernel.wallClockMicros() + 1_000_000);
        onWorker.whenFreeing(() -> assertTrue(core.set.remove(removedByFree), "hooks are callable during free"));
        var report = new Teardown(onWorker.context, worker, onWorker, MORE_THAN_ANY_BOUND)
                .start()
                .toCompletableFuture();
        worker.settle(20);
        assertTrue(report.join().freed());
        nothingIsLeft(onWorker);
        assertEquals(0, pending.calls(), "none is delivered early");
        assertEquals(List.of(1, 1, 1), List.of(removedByFree.frees(), forgotten.frees(), pending.frees()));
        scenarios++;
    }

    @Test
    void theDrainCallsInWithNoLockHeldThatAHookTakes() {
        RecordedTimeout timeout = onWorker.oneShot("timeout", core.kernel.wallClockMicros() + 1_000_000);
        timeout.does(() -> {
            Thread hook =
                    new Thread(() -> onWorker.oneShot("requeued", core.kernel.wallClockMicros() + 1_000_000), "hook");
            hook.start();
            Gates.join(hook);
        });
        core.set.modifyToNow(timeout);
        var report = new Teardown(onWorker.context, worker, onWorker, MORE_THAN_ANY_BOUND)
                .start()
                .toCompletableFuture();
        worker.settle(20);
        assertTrue(report.join().freed());
        nothingIsLeft(onWorker);
        scenarios++;
    }

    @Test
    void aCloseFromInsideACallbackOnlyMarks() {
        RecordedFd a = onWorker.fd("a", core.kernel.open(), READABLE);
        Teardown teardown = new Teardown(onWorker.context, worker, onWorker, MORE_THAN_ANY_BOUND);
        a.does(bits -> {
            teardown.start();
            assertFalse(onWorker.isFreed());
        });
        core.kernel.ready(a.fd(), READABLE);
        core.host.step();
        worker.settle(20);
        assertTrue(onWorker.isFreed());
        nothingIsLeft(onWorker);
        scenarios++;
    }

    @Test
    void aContextWhoseCallDoesNotReturnIsLeakedAndItsHolderNamed() {
        RecordedFd stuck = onLoop.fd("stuck", core.kernel.open(), READABLE);
        assertEquals(READABLE, dispatch.claim(stuck, READABLE));
        var report = new Teardown(onLoop.context, worker, onLoop, 50).start().toCompletableFuture();
        worker.settle(20);
        core.host.advance(49_000_000);
        assertFalse(report.isDone());
        core.host.advance(2_000_000);
        assertFalse(report.join().freed());
        assertFalse(onLoop.isFreed());
        assertTrue(report.join().detail().contains("stuck"), report.join().detail());
        assertEquals("", core.kernel.describe(core.set.backSet()), "its entries are deleted");
        dispatch.release(stuck);
        worker.settle(20);
        core.host.settle(5);
        assertFalse(onLoop.isFreed(), "never freed");
        assertEquals(1, stuck.frees());
        scenarios++;
    }

    @Test
    void aFreeThatFailsIsReported() {
        onWorker.whenFreeing(() -> {
            throw new Error("Invalid memory access");
        });
        var report = new Teardown(onWorker.context, worker, onWorker, MORE_THAN_ANY_BOUND)
                .start()
                .toCompletableFuture();
        worker.settle(20);
        assertFalse(report.join().freed());
        assertTrue(
                report.join().detail().contains("Invalid memory access"),
                report.join().detail());
        scenarios++;
    }

    // ---- controls: a teardown that leaves one thing out -------------------------------------------------------------

    /** A call is in flight, one timeout is due now, another fires meanwhile; then the context goes. */
    private void teardownUnderLoad(WeakTeardown teardown) {
        RecordedFd busy = onLoop.fd("busy", core.kernel.open(), READABLE);
        RecordedTimeout now = onLoop.oneShot("now", core.kernel.wallClockMicros() + 1_000_000);
        core.set.modifyToNow(now);
        assertEquals(READABLE, dispatch.claim(busy, READABLE));
        onLoop.begin("busy");
        teardown.run(onLoop, () -> {
            onLoop.end();
            dispatch.release(busy);
        });
        core.host.settle(5);
        assertEquals(List.of(), core.host.failures());
        assertEquals(1, now.calls(), "deliveries of a timeout modified to now");
        nothingIsLeft(onLoop);
    }

    /** The steps of {@link Teardown} in its order, each of which can be left out. */
    private final class WeakTeardown {
        private boolean claims = true;
        private boolean drainsFirst = true;
        private boolean waits = true;

        void run(SimLibrary library, Runnable callReturns) {
            if (drainsFirst) {
                drain(library);
            }
            library.context.advance(NativeContext.Phase.DRAINING);
            core.set.pause(library.context);
            if (waits) {
                callReturns.run();
            }
            library.free();
            if (!drainsFirst) {
                drain(library);
            }
            for (Registration registration : core.set.liveOf(library.context)) {
                core.set.remove(registration);
            }
            if (!waits) {
                callReturns.run();
            }
        }

        private void drain(SimLibrary library) {
            for (Registration registration : core.set.liveOf(library.context)) {
                if (registration instanceof TimeoutRegistration timeout) {
                    if (!claims) {
                        // The timer fires while the drain delivers.
                        timeout.expired();
                        core.host.step();
                    } else if (core.set.claimForDrain(timeout)) {
                        timeout.expired();
                        core.set.endDrained(timeout);
                    }
                }
            }
        }
    }

    @Test
    void theOrderOfTheStepsIsSoundByItself() {
        teardownUnderLoad(new WeakTeardown());
        scenarios++;
    }

    @Test
    void controlNoClaim() {
        WeakTeardown weak = new WeakTeardown();
        weak.claims = false;
        caught("teardown-no-claim", "deliveries of a timeout", () -> teardownUnderLoad(weak));
    }

    @Test
    void controlFreeBeforeDrain() {
        WeakTeardown weak = new WeakTeardown();
        weak.drainsFirst = false;
        caught("teardown-free-before-drain", "a call into a context that is freed", () -> teardownUnderLoad(weak));
    }

    @Test
    void controlNoWaitForCallsInFlight() {
        WeakTeardown weak = new WeakTeardown();
        weak.waits = false;
        caught("teardown-no-wait", "freed under a call", () -> teardownUnderLoad(weak));
    }

    private static void caught(String name, String reason, Executable scenario) {
        Control.mustBeCaught(name, reason, () -> {
            try {
                scenario.execute();
            } catch (Exception | Error failure) {
                throw failure;
            } catch (Throwable failure) {
                throw new AssertionError(failure);
            }
        });
    }
}
