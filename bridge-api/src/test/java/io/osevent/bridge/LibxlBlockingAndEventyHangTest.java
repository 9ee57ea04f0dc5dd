package io.osevent.bridge;

import static io.osevent.bridge.Interest.READABLE;
import static io.osevent.bridge.Interest.WRITABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * libxl, "Fix hang when mixing blocking and eventy calls" (2020): thread A takes the set of fds and timeouts and sleeps.
 * Thread B registers an fd, an earlier deadline or a wider mask, and leaves. The fd becomes ready, and nobody wakes.
 *
 * <p>Here: a hook changes what the loop sleeps on in the calling thread, so whenever the loop sleeps, it sleeps on what is
 * registered, or has been woken. The loop is asleep whenever its descriptor is not readable.
 */
class LibxlBlockingAndEventyHangTest {
    private static final long MILLI = 1_000_000;
    private static final int TURNS = 3;

    private static int scenarios;

    @AfterAll
    static void log() {
        ProofLog.held("replay-libxl-blocking-and-eventy-hang", "replay", scenarios, "schedules");
    }

    @Test
    void anFdIsAddedWhileTheLoopSleeps() {
        addedWhileAsleep(new CoreFixture());
    }

    @Test
    void aMaskIsWidenedWhileTheLoopSleeps() {
        widenedWhileAsleep(new CoreFixture());
    }

    @Test
    void aDeadlineIsSetEarlierWhileTheLoopSleeps() {
        earlierWhileAsleep(new CoreFixture());
    }

    @Test
    void aLaterWakeUpIsNotLostInTheTurnOfAnEarlierOne() {
        wokenDuringATurn(false);
    }

    private void addedWhileAsleep(CoreFixture core) {
        int fd = core.kernel.open();
        core.kernel.ready(fd, READABLE);
        assertFalse(core.host.step(), "the loop sleeps");
        RecordedFd a = core.fd("a", fd, READABLE).does(bits -> core.kernel.ready(fd, 0));
        core.host.settle(TURNS);
        assertEquals(1, a.calls(), "nobody woke for an fd that was added");
        scenarios++;
    }

    private void widenedWhileAsleep(CoreFixture core) {
        int fd = core.kernel.open();
        RecordedFd a = core.fd("a", fd, READABLE);
        core.kernel.ready(fd, READABLE);
        core.host.step();
        core.kernel.ready(fd, WRITABLE);
        core.host.settle(TURNS);
        assertFalse(core.host.step(), "the loop sleeps");
        int before = a.calls();
        a.does(bits -> core.kernel.ready(fd, 0));
        core.set.modify(a, READABLE | WRITABLE);
        core.host.settle(TURNS);
        assertEquals(before + 1, a.calls(), "nobody woke for a wider mask");
        scenarios++;
    }

    private void earlierWhileAsleep(CoreFixture core) {
        RecordedTimeout late = core.oneShot("late", 1_000_000);
        core.host.advance(MILLI);
        assertFalse(core.host.step(), "the loop sleeps");
        RecordedTimeout early = core.oneShot("early", 2_000);
        core.host.advance(3 * MILLI);
        assertEquals(1, early.calls(), "nobody woke for an earlier deadline");
        core.set.modifyToNow(late);
        core.host.settle(TURNS);
        assertEquals(1, late.calls(), "nobody woke for a timeout modified to now");
        scenarios++;
    }

    /**
     * A coalesced wake-up while the loop handles another one. What is pending is noted before the wake-up is asked for, so
     * that the turn that is asked for has to see it.
     */
    private void wokenDuringATurn(boolean clearsBeforeItDrains) {
        CoreFixture core = new CoreFixture();
        Queue<String> pending = new ArrayDeque<>();
        List<String> seen = new ArrayList<>();
        Runnable other = () -> {
            pending.add("second");
            core.set.wake();
        };
        pending.add("first");
        core.set.wake();
        if (clearsBeforeItDrains) {
            // The flag is cleared; another thread asks again; what it armed is drained.
            core.set.beginTurn(core.kernel.nanoTime());
            other.run();
            core.kernel.drainTimers();
            seen.add(pending.remove());
        } else {
            assertTrue(core.set.minimum() == Alarm.NOW);
            core.set.beginTurn(core.kernel.nanoTime());
            other.run();
            seen.add(pending.remove());
        }
        for (int i = 0; i < TURNS && core.host.step(); i++) {
            seen.addAll(pending);
            pending.clear();
        }
        assertEquals(List.of("first", "second"), seen, "a wake-up is lost");
        pending.add("third");
        core.set.wake();
        assertTrue(core.host.step(), "and so are all later ones");
        scenarios++;
    }

    @Test
    void manyChangesAreOneWakeUp() {
        CoreFixture core = new CoreFixture();
        List<RecordedTimeout> timeouts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            timeouts.add(core.oneShot("t" + i, 1_000_000));
        }
        core.host.settle(TURNS);
        int before = core.host.turns();
        int armed = core.kernel.armCount();
        for (int i = 0; i < 1_000; i++) {
            core.set.wake();
        }
        assertEquals(armed + 1, core.kernel.armCount(), "one flag, set once");
        timeouts.forEach(core.set::modifyToNow);
        assertTrue(core.host.step());
        timeouts.forEach(t -> assertEquals(1, t.calls()));
        core.host.settle(TURNS);
        assertTrue(core.host.turns() - before <= 1 + TURNS, "turns for one batch of changes");
        scenarios++;
    }

    @Test
    void nothingThatMattersChangedNobodyWakes() {
        CoreFixture core = new CoreFixture();
        int fd = core.kernel.open();
        RecordedFd a = core.fd("a", fd, READABLE);
        core.oneShot("early", 1_000);
        assertFalse(core.host.step());
        int armed = core.kernel.armCount();
        int written = core.kernel.count(SimKernel.CallName.MOD);
        core.oneShot("late", 2_000);
        RecordedTimeout off = core.timer("off", -1);
        core.set.reschedule(off, 500);
        core.set.modify(a, READABLE);
        assertEquals(armed, core.kernel.armCount());
        assertEquals(written, core.kernel.count(SimKernel.CallName.MOD));
        assertFalse(core.host.step(), "still asleep");
        scenarios++;
    }

    @Test
    void everyExitOfATurnPassesTheBaton() {
        // Whatever makes a turn stop, what is left keeps the descriptor readable, or the deadline armed.
        TurnLimits least = new TurnLimits(1, 1, 1, 1, 1, 1_000_000);
        CoreFixture core = new CoreFixture(least, new SlotTable(), -1);
        List<RecordedFd> fds = new ArrayList<>();
        List<RecordedTimeout> timeouts = new ArrayList<>();
        List<RecordedFd> removed = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int fd = core.kernel.open();
            fds.add(core.fd("fd" + i, fd, READABLE).does(bits -> core.kernel.ready(fd, 0)));
            core.kernel.ready(fd, READABLE);
            timeouts.add(core.oneShot("timeout" + i, 0));
            removed.add(core.fd("removed" + i, core.kernel.open(), READABLE));
        }
        removed.forEach(core.set::remove);
        core.host.settle(60);
        fds.forEach(f -> assertEquals(1, f.calls()));
        timeouts.forEach(t -> assertEquals(List.of(1, 1), List.of(t.calls(), t.frees())));
        removed.forEach(r -> assertEquals(1, r.frees()));
        scenarios++;
    }

    @Test
    void theBatonGoesWithTheLease() {
        CoreFixture core = new CoreFixture();
        int fd = core.kernel.open();
        RecordedFd a = core.fd("a", fd, READABLE).does(bits -> core.kernel.ready(fd, 0));
        core.lease.cancel();
        core.kernel.ready(fd, READABLE);
        RecordedTimeout due = core.oneShot("due", 0);
        assertFalse(core.host.step(), "nobody watches");
        SteppedHost next = new SteppedHost(core.kernel);
        next.lease(core.set, () -> {});
        next.settle(TURNS);
        assertEquals(List.of(1, 1), List.of(a.calls(), due.calls()));
        scenarios++;
    }

    @Test
    void aThreadThatReallySleeps() {
        WaitingPort[] port = new WaitingPort[1];
        CoreFixture core = new CoreFixture(kernel -> port[0] = new WaitingPort(kernel));
        core.lease.cancel();
        WaitingPort kernel = port[0];
        int fd = core.kernel.open();
        core.kernel.ready(fd, READABLE);
        AtomicInteger calls = new AtomicInteger();
        Lease lease = new ThreadHost("sleeper", CallScope.PLAIN).lease(core.set, () -> {});

        int before = kernel.awaitAsleep(core.set.fd());
        RecordedFd a = core.fd("a", fd, 0);
        assertEquals(before, kernel.awaitAsleep(core.set.fd()), "a silent registration wakes nobody");
        a.does(bits -> {
            kernel.change(() -> core.kernel.ready(fd, 0));
            calls.incrementAndGet();
        });
        core.set.modify(a, READABLE);
        kernel.awaitTrue(() -> calls.get() == 1, "the wider mask");

        kernel.awaitAsleep(core.set.fd());
        RecordedTimeout timeout = core.oneShot("timeout", 1_000_000).does(calls::incrementAndGet);
        kernel.awaitAsleep(core.set.fd());
        core.set.modifyToNow(timeout);
        kernel.change(() -> core.kernel.advance(1));
        kernel.awaitTrue(() -> calls.get() == 2, "the timeout modified to now");

        kernel.awaitAsleep(core.set.fd());
        core.set.remove(a);
        kernel.change(() -> core.kernel.advance(1));
        kernel.awaitTrue(() -> core.set.stats().unfinished() == 0, "the finalizers");

        kernel.awaitAsleep(core.set.fd());
        var ended = lease.cancel().toCompletableFuture();
        kernel.change(() -> core.kernel.advance(1));
        kernel.awaitTrue(ended::isDone, "the sleeper's end");
        scenarios++;
    }

    // ---- controls: a host that sleeps on a copy of the set, as libxl's threads did ----------------------------------

    @Test
    void aCopyIsSoundIfEveryChangeMarksAndWakes() {
        addedWhileAsleep(new CoreFixture(kernel -> new CopiedSet(kernel, true, true)));
        widenedWhileAsleep(new CoreFixture(kernel -> new CopiedSet(kernel, true, true)));
    }

    @Test
    void controlNoWakeUp() {
        Control.mustBeCaught(
                "libxl-no-wake-up",
                "nobody woke for an fd",
                () -> addedWhileAsleep(new CoreFixture(kernel -> new CopiedSet(kernel, true, false))));
        Control.mustBeCaught(
                "libxl-no-wake-up-for-a-wider-mask",
                "nobody woke for a wider mask",
                () -> widenedWhileAsleep(new CoreFixture(kernel -> new CopiedSet(kernel, true, false))));
        Control.mustBeCaught(
                "libxl-no-wake-up-for-an-earlier-deadline",
                "nobody woke for an earlier deadline",
                () -> earlierWhileAsleep(new CoreFixture(FirstDeadlineOnly::new)));
    }

    @Test
    void controlNoMark() {
        Control.mustBeCaught(
                "libxl-no-mark",
                "nobody woke for an fd",
                () -> addedWhileAsleep(new CoreFixture(kernel -> new CopiedSet(kernel, false, true))));
    }

    @Test
    void controlClearThenDrain() {
        Control.mustBeCaught("libxl-clear-then-drain", "a wake-up is lost", () -> wokenDuringATurn(true));
    }

    /** What hooks ask for is put down, and copied to the kernel by the loop, if it is told to. */
    private static final class CopiedSet extends ForwardingPort {
        private final boolean marks;
        private final boolean wakes;
        private final List<Runnable> changes = new ArrayList<>();
        private boolean marked;
        private int timer = -1;
        private int sets;
        private int front;

        CopiedSet(NativePort port, boolean marks, boolean wakes) {
            super(port);
            this.marks = marks;
            this.wakes = wakes;
        }

        @Override
        public int createSet() {
            int set = super.createSet();
            front = sets++ == 0 ? set : front;
            return set;
        }

        @Override
        public int createTimer() {
            timer = super.createTimer();
            return timer;
        }

        @Override
        public int control(int set, int operation, int fd, int events, long tag) {
            if (set == front) {
                return super.control(set, operation, fd, events, tag);
            }
            changes.add(() -> super.control(set, operation, fd, events, tag));
            marked |= marks;
            if (wakes) {
                super.armTimer(timer, 1);
            }
            return 0;
        }

        @Override
        public int await(int set, Harvest harvest, int max, int timeoutMillis) {
            super.armTimer(timer, 0);
            if (marked) {
                marked = false;
                changes.forEach(Runnable::run);
                changes.clear();
            }
            return super.await(set, harvest, max, timeoutMillis);
        }
    }

    /** The sleeper keeps the deadline that it went to sleep with. */
    private static final class FirstDeadlineOnly extends ForwardingPort {
        private boolean armed;

        FirstDeadlineOnly(NativePort port) {
            super(port);
        }

        @Override
        public int armTimer(int timer, long delayNanos) {
            if (armed) {
                return 0;
            }
            armed = true;
            return super.armTimer(timer, delayNanos);
        }
    }
}
