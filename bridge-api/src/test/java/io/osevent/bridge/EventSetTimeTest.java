package io.osevent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Timers and timeouts of an event set, on virtual time. */
class EventSetTimeTest {
    private static final long MILLI = 1_000_000;

    private final CoreFixture core = new CoreFixture();
    private final SimKernel kernel = core.kernel;
    private final SteppedHost host = core.host;
    private final EventSet set = core.set;

    @Test
    void aPeriodicTimerRunsFromNowAndIsNeverEarly() {
        RecordedTimeout timer = core.timer("timer", 10);
        host.advance(10 * MILLI - 1_000);
        assertEquals(0, timer.calls());
        host.advance(2_000);
        assertEquals(1, timer.calls());
        host.advance(35 * MILLI);
        assertEquals(4, timer.calls());
    }

    @Test
    void noCatchUpOfMissedPeriods() {
        RecordedTimeout timer = core.timer("timer", 10);
        kernel.advance(100 * MILLI);
        host.settle(5);
        assertEquals(1, timer.calls());
        host.advance(9 * MILLI);
        assertEquals(1, timer.calls());
        host.advance(2 * MILLI);
        assertEquals(2, timer.calls());
    }

    @Test
    void anUpdateReArmsFromNow() {
        RecordedTimeout timer = core.timer("timer", 3_000);
        host.advance(100 * MILLI);
        set.reschedule(timer, 50);
        host.advance(49 * MILLI);
        assertEquals(0, timer.calls());
        host.advance(2 * MILLI);
        assertEquals(1, timer.calls());
        set.reschedule(timer, -1);
        host.advance(10_000 * MILLI);
        assertEquals(1, timer.calls());
    }

    /** Found by the simulation, seed 104119: a timer of every turn got into the list of deadlines as well. */
    @Test
    void onlyAOneShotTimeoutCanBeMadeDueNow() {
        RecordedTimeout every = core.timer("every", 0);
        RecordedTimeout periodic = core.timer("periodic", 10);
        host.step();
        set.modifyToNow(every);
        set.modifyToNow(periodic);
        host.step();
        assertEquals(2, every.calls());
        assertEquals(0, periodic.calls());
        set.remove(every);
        host.advance(11 * MILLI);
        assertEquals(2, every.calls());
        assertEquals(1, periodic.calls());
        set.remove(periodic);
        host.settle(5);
        assertEquals(0, set.stats().unfinished());
    }

    @Test
    void whatTheCallbackSaysAboutItsTimerWins() {
        RecordedTimeout timer = core.timer("timer", 10);
        timer.does(() -> set.reschedule(timer, timer.calls() == 1 ? 100 : -1));
        host.advance(11 * MILLI);
        assertEquals(1, timer.calls());
        host.advance(98 * MILLI);
        assertEquals(1, timer.calls());
        host.advance(1_000 * MILLI);
        assertEquals(2, timer.calls());
    }

    @Test
    void aDueTimerThatANeighbourPostponesDoesNotFire() {
        RecordedTimeout a = core.timer("a", 10);
        RecordedTimeout b = core.timer("b", 10);
        a.does(() -> set.reschedule(b, 1_000));
        b.does(() -> set.reschedule(a, 1_000));
        host.advance(11 * MILLI);
        assertEquals(1, a.calls() + b.calls());
    }

    @Test
    void aTimerMadeInACallbackWaitsForALaterTurn() {
        RecordedTimeout outer = core.timer("outer", 10);
        RecordedTimeout inner = new RecordedTimeout(core.context, "inner");
        outer.does(() -> {
            set.addOneShot(inner, 0);
            set.reschedule(outer, -1);
        });
        kernel.advance(10 * MILLI);
        host.step();
        assertEquals(1, outer.calls());
        assertEquals(0, inner.calls());
        host.settle(5);
        assertEquals(1, inner.calls());
    }

    @Test
    void frequencyZeroIsOncePerTurn() {
        RecordedTimeout timer = core.timer("timer", 0);
        timer.does(() -> {
            if (timer.calls() == 5) {
                set.reschedule(timer, -1);
            }
        });
        for (int i = 1; i <= 5; i++) {
            host.step();
            assertEquals(i, timer.calls());
        }
        assertFalse(host.step());
        host.settle(2);
        set.remove(timer);
        host.settle(3);
        assertEquals(1, timer.frees());
    }

    @Test
    void aOneShotIsDeliveredOnceAndFreed() {
        RecordedTimeout timeout = core.oneShot("timeout", 500);
        host.advance(499_000);
        assertEquals(0, timeout.calls());
        host.advance(2_000);
        assertEquals(1, timeout.calls());
        assertEquals(1, timeout.frees());
        assertFalse(set.remove(timeout));
        assertEquals(0, set.stats().unfinished());
    }

    @Test
    void modifiedToNowIsDeliveredByTheNextTurnOnce() {
        RecordedTimeout timeout = core.oneShot("timeout", 10_000_000);
        set.modifyToNow(timeout);
        set.modifyToNow(timeout);
        assertEquals(0, timeout.calls(), "a hook delivers nothing");
        host.settle(5);
        assertEquals(1, timeout.calls());
        set.modifyToNow(timeout);
        host.settle(5);
        assertEquals(1, timeout.calls());
    }

    @Test
    void theWallClockMayJumpOnceADeadlineIsConverted() {
        RecordedTimeout timeout = core.oneShot("timeout", 1_000_000);
        kernel.stepWallClock(3_600_000_000L);
        host.advance(999 * MILLI);
        assertEquals(0, timeout.calls());
        kernel.stepWallClock(-7_200_000_000L);
        host.advance(2 * MILLI);
        assertEquals(1, timeout.calls());
    }

    @Test
    void extremeDeadlinesAreClamped() {
        for (long micros : new long[] {0, -1, Long.MIN_VALUE}) {
            RecordedTimeout past = new RecordedTimeout(core.context, "past");
            set.addOneShot(past, micros);
            host.settle(5);
            assertEquals(1, past.calls());
        }
        RecordedTimeout far = new RecordedTimeout(core.context, "far");
        set.addOneShot(far, Long.MAX_VALUE);
        host.advance(1_000_000 * MILLI);
        assertEquals(0, far.calls());
        assertTrue(set.remove(far));
    }

    @Test
    void theTimerIsProgrammedOnlyWhenTheMinimumChanges() {
        core.timer("early", 10);
        int before = kernel.armCount();
        RecordedTimeout late = core.timer("late", 1_000);
        set.reschedule(late, 2_000);
        set.remove(late);
        assertEquals(before + 1, kernel.armCount(), "only the finalizer of the last one is a reason");
    }

    @Test
    void finalizersAndTimersDoNotStarveUnderAFlood() {
        int fd = kernel.open();
        RecordedFd flood = core.fd("flood", fd, Interest.READABLE);
        kernel.ready(fd, Interest.READABLE);
        RecordedTimeout timer = core.timer("timer", 1);
        RecordedTimeout gone = core.timer("gone", 100);
        set.remove(gone);
        kernel.advance(2 * MILLI);
        host.step();
        assertEquals(1, timer.calls());
        assertEquals(1, gone.frees());
        assertTrue(flood.calls() >= 1);
    }

    @Test
    void aFinalizerMayDeregisterOthersWithoutRecursion() {
        RecordedFd[] chain = new RecordedFd[1_000];
        for (int i = 0; i < chain.length; i++) {
            int next = i + 1;
            chain[i] = core.fd("link" + i, kernel.open(), Interest.READABLE).whenFreed(() -> {
                if (next < chain.length) {
                    set.remove(chain[next]);
                }
            });
        }
        set.remove(chain[0]);
        host.settle(2_000);
        assertEquals(0, set.stats().unfinished());
    }

    @Test
    void aRescheduleAfterRemoveIsRefused() {
        RecordedTimeout timer = core.timer("timer", 10);
        assertTrue(set.remove(timer));
        assertThrows(NativeErrorException.class, () -> set.reschedule(timer, 10));
        host.advance(100 * MILLI);
        assertEquals(0, timer.calls());
        assertEquals(1, timer.frees());
    }
}
