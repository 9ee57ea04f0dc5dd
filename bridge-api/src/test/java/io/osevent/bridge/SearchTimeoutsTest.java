package io.osevent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Every interleaving of the loop, which fires timeouts; a thread inside the library, which modifies one to now, perhaps
 * twice; a callback that modifies another; time itself; and a teardown, which drains, waits and frees. The library's calls
 * are cut in the middle. And of a periodic timer with its loop, its own callback, and a thread that updates and removes it.
 */
class SearchTimeoutsTest {
    private static final long MOST = 3_000_000;

    private enum Weakness {
        NONE,
        NO_CLAIM,
        FREE_BEFORE_DRAIN,
        NO_WAIT
    }

    @Test
    void fireModifyAndDrainOnTheLoop() {
        search("search-timeouts-on-the-loop", true, true);
    }

    @Test
    void fireModifyAndDrainOnAWorker() {
        search("search-timeouts-on-a-worker", false, false);
    }

    @Test
    @EnabledIfSystemProperty(named = "prove.long", matches = "true")
    void fireModifyAndDrainOnAWorkerWithCallbacks() {
        search("search-timeouts-on-a-worker-with-callbacks", false, true);
    }

    private static void search(String name, boolean loop, boolean chained) {
        Set<String> seen = new TreeSet<>();
        var result = Explorer.explore(() -> new Draining(loop, chained, Weakness.NONE, seen), MOST);
        assertTrue(seen.containsAll(Set.of("fired", "drained")), () -> "the search has only seen " + seen);
        ProofLog.held(name, "explorer", result.states(), "states");
    }

    @Test
    void updatesOfAPeriodicTimer() {
        Set<String> seen = new TreeSet<>();
        var result = Explorer.explore(() -> new Periodic(seen), MOST);
        assertEquals(Set.of("called", "removed under a call"), seen);
        ProofLog.held("search-periodic-timer", "explorer", result.states(), "states");
    }

    @Test
    void controlNoClaim() {
        control("search-drain-without-claim", "delivered twice", Weakness.NO_CLAIM);
    }

    @Test
    void controlFreeBeforeDrain() {
        control("search-free-before-drain", "", Weakness.FREE_BEFORE_DRAIN);
    }

    @Test
    void controlNoWaitForCallsInFlight() {
        control("search-free-without-wait", "freed under a call", Weakness.NO_WAIT);
    }

    private static void control(String name, String reason, Weakness weakness) {
        Explorer.mustFail(name, reason, () -> new Draining(true, true, weakness, new TreeSet<>()), MOST);
    }

    private abstract static class World implements Explorer.Program, CallScope {
        protected final SlotTable slots = new SlotTable();
        protected final CoreFixture core = new CoreFixture(TurnLimits.DEFAULT, slots, -1);
        protected final SimKernel kernel = core.kernel;
        protected final EventSet set = core.set;
        protected final SteppedLoop loop =
                new SteppedLoop(kernel, set, new Dispatch(set, slots, BridgeMetrics.NONE), this);
        protected final List<Throwable> failures = new ArrayList<>();
        protected Interleaving threads;
        protected boolean byWorkerCall;

        protected void startLoop(Explorer explorer) {
            threads = new Interleaving(explorer);
            threads.actor("loop").forever("step", loop::step, loop::hasWork).labelled(loop::label);
        }

        /** Others go on in the middle of a call; what they find wrong is kept, wherever it would be caught. */
        protected void others(String place) {
            assertTrue(!set.holdsLock(), "a call-in with the set's lock held");
            try {
                threads.others(place, false);
            } catch (AssertionError wrong) {
                failures.add(wrong);
                throw wrong;
            }
        }

        @Override
        public void check() {
            failures.forEach(failure -> {
                throw new AssertionError(failure.getMessage(), failure);
            });
            CoreState.checkMinimum(set, kernel, loop.isExpiring());
        }

        @Override
        public Object enter() {
            byWorkerCall = true;
            return null;
        }

        @Override
        public void exit(Object entered) {
            byWorkerCall = false;
        }

        @Override
        public void failed(Registration registration, Throwable failure) {
            failures.add(failure);
        }
    }

    /** One context with two timeouts, and its end. */
    private static final class Draining extends World {
        private static final int MORE_THAN_ANY_BOUND = 1_000_000;

        private final boolean onLoop;
        private final boolean chained;
        private final Weakness weakness;
        private final Set<String> seen;
        private final SteppedWorker worker = new SteppedWorker();
        private final SimLibrary library;
        private final RecordedTimeout x;
        private final RecordedTimeout y;
        private final List<RecordedTimeout> said = new ArrayList<>();
        private boolean inside;
        private Teardown.Report report;
        private Supplier<String> teardown = () -> "";

        Draining(boolean onLoop, boolean chained, Weakness weakness, Set<String> seen) {
            this.onLoop = onLoop;
            this.chained = chained;
            this.weakness = weakness;
            this.seen = seen;
            library = new SimLibrary(
                    onLoop
                            ? NativeContext.onLoop(set, "context")
                            : NativeContext.onWorker(set, "context", worker, this));
            long wall = kernel.wallClockMicros();
            x = library.oneShot("x", wall + 1_000);
            y = library.oneShot("y", wall + 1_000_000);
            library.duringCalls(name -> {
                seen.add(byWorkerCall || loop.label().equals("TIMEOUT_CALL") ? "fired" : "drained");
                if (!said.contains(name.equals("x") ? x : y)) {
                    assertTrue(name.equals("x") && kernel.nanoTime() >= 1_001_000_000, "early: " + name);
                }
                others("call of " + name);
            });
            x.does(() -> {
                if (chained) {
                    modify(y);
                }
            });
        }

        /** From inside the library, as all its hooks. */
        private void modify(RecordedTimeout timeout) {
            if (slots.isLive(timeout) && !said.contains(timeout)) {
                said.add(timeout);
            }
            set.modifyToNow(timeout);
        }

        @Override
        public void run(Explorer explorer) {
            startLoop(explorer);
            threads.actor("worker").forever("task", worker::step, () -> worker.waiting() > 0);
            threads.actor("library")
                    .does("enter", () -> inside = library.context.enter("a call of the user"))
                    .does("modify x", () -> ifInside(() -> modify(x)))
                    .does("modify x again", () -> ifInside(() -> modify(x)))
                    .does("return", () -> ifInside(library.context::exit));
            threads.actor("time").does("x is due", () -> kernel.advance(2_000_000));
            threads.actor("closer").does("close", this::close);
            threads.run();
            atRest();
        }

        private void ifInside(Runnable step) {
            if (inside) {
                step.run();
            }
        }

        private void close() {
            if (weakness == Weakness.NONE) {
                Teardown production = new Teardown(library.context, worker, library, MORE_THAN_ANY_BOUND);
                teardown = () -> CoreState.of(production);
                production.start().thenAccept(end -> report = end);
                return;
            }
            // The steps of a teardown in their order, but for one.
            library.context.advance(NativeContext.Phase.CLOSING);
            if (weakness != Weakness.FREE_BEFORE_DRAIN) {
                worker.execute(this::drain);
            }
            worker.execute(() -> {
                library.context.advance(NativeContext.Phase.DRAINING);
                if (weakness == Weakness.NO_WAIT) {
                    free();
                } else {
                    library.context
                            .idle()
                            .thenRun(() -> worker.execute(() -> {
                                if (weakness == Weakness.FREE_BEFORE_DRAIN) {
                                    free();
                                    drain();
                                } else {
                                    drain();
                                    free();
                                }
                            }));
                }
            });
        }

        private void drain() {
            for (Registration registration : set.liveOf(library.context)) {
                TimeoutRegistration timeout = (TimeoutRegistration) registration;
                if (weakness == Weakness.NO_CLAIM && timeout.saidNow) {
                    guarded(timeout::expired);
                    set.remove(timeout);
                } else if (set.claimForDrain(timeout)) {
                    guarded(timeout::expired);
                    set.endDrained(timeout);
                }
            }
        }

        private void free() {
            guarded(library::free);
            library.context.advance(NativeContext.Phase.FREED);
            set.liveOf(library.context).forEach(set::remove);
            report = new Teardown.Report(true, "");
        }

        private void guarded(Runnable call) {
            try {
                call.run();
            } catch (AssertionError abort) {
                failures.add(abort);
            }
        }

        @Override
        public void check() {
            super.check();
            assertTrue(x.calls() <= 1 && y.calls() <= 1, "delivered twice");
            assertTrue(!library.isFreed() || library.inside() == 0, "the context is freed under a call");
        }

        private void atRest() {
            check();
            assertTrue(report != null && report.freed() && library.isFreed(), "the context is not freed");
            for (RecordedTimeout timeout : List.of(x, y)) {
                if (said.contains(timeout)) {
                    assertEquals(1, timeout.calls(), timeout + " was modified to now and is not delivered");
                }
                assertEquals(1, timeout.frees(), "ff of " + timeout);
            }
            assertEquals(0, set.stats().unfinished(), "left after the end");
            assertTrue(library.log.indexOf("free") == library.log.size() - 1, "a call after free");
        }

        @Override
        public String state() {
            return threads.state()
                    + kernel.describe()
                    + CoreState.of(set, slots, kernel.nanoTime())
                    + CoreState.of(library.context)
                    + loop.state(0)
                    + worker.state()
                    + teardown.get()
                    + library.log
                    + said
                    + inside
                    + report
                    + x.calls()
                    + y.calls();
        }
    }

    /** A timer that its callback, and another thread, update. */
    private static final class Periodic extends World {
        private static final long MILLI = 1_000_000;

        private final Set<String> seen;
        private final RecordedTimeout timer;
        private boolean inCall;
        private boolean removed;
        private String lastWord = "period 10";

        Periodic(Set<String> seen) {
            this.seen = seen;
            timer = core.timer("timer", 10);
            timer.does(() -> {
                seen.add("called");
                inCall = true;
                others("call");
                if (!removed) {
                    say(timer.calls() == 1 ? 20 : TimeoutRegistration.OFF);
                }
                inCall = false;
            });
        }

        private void say(int period) {
            set.reschedule(timer, period);
            lastWord = "period " + period;
        }

        @Override
        public void run(Explorer explorer) {
            startLoop(explorer);
            threads.actor("time")
                    .does("10 ms", () -> kernel.advance(10 * MILLI))
                    .does("10 ms", () -> kernel.advance(10 * MILLI))
                    .does("20 ms", () -> kernel.advance(20 * MILLI));
            threads.actor("other")
                    .does("period 0", () -> say(0))
                    .does("period 5", () -> say(5))
                    .does("remove", () -> {
                        if (inCall) {
                            seen.add("removed under a call");
                        }
                        assertTrue(set.remove(timer));
                        removed = true;
                    });
            threads.run();
            check();
            assertEquals(1, timer.frees(), "ff");
        }

        @Override
        public void check() {
            super.check();
            int period = timer.period();
            assertEquals(lastWord, "period " + period, "the last word wins");
            assertEquals(slots.isLive(timer) && period >= 0, timer.index >= 0, "armed if it is live and not off");
            assertTrue(timer.frees() == 0 || !inCall, "freed under a call");
        }

        @Override
        public String state() {
            return threads.state()
                    + kernel.describe()
                    + CoreState.of(set, slots, kernel.nanoTime())
                    + loop.state(0)
                    + inCall
                    + removed
                    + lastWord
                    + Math.min(timer.calls(), 3);
        }
    }
}
