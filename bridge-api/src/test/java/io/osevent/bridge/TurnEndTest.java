package io.osevent.bridge;

import static io.osevent.bridge.Interest.READABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When the timer is programmed: at once, or, for what the turn's own thread changes, once as the turn ends. */
class TurnEndTest {
    private static final long BOUND_SECONDS = 20;
    private static final long MILLI = 1_000_000;

    private int programmed;
    private final CoreFixture core = new CoreFixture(
            kernel -> new ForwardingPort(kernel) {
                @Override
                public int armTimer(int timer, long delayNanos) {
                    programmed++;
                    return super.armTimer(timer, delayNanos);
                }
            },
            TurnLimits.DEFAULT,
            new SlotTable(),
            -1);
    private final SimKernel kernel = core.kernel;
    private final EventSet set = core.set;

    /** One that is ready once. */
    private RecordedFd once(Runnable callback) {
        int fd = kernel.open();
        RecordedFd registration = new RecordedFd(core.context, "fd", fd, READABLE);
        registration.does(bits -> {
            kernel.ready(fd, 0);
            callback.run();
        });
        set.add(registration);
        kernel.ready(fd, READABLE);
        return registration;
    }

    private void turn() {
        programmed = 0;
        set.turn().run(CallScope.PLAIN);
    }

    /** What libvirt's client does with each event of a domain. */
    @Test
    void aTimerThatACallbackSetsToZeroRunsInTheSameTurnWithoutASystemCall() {
        RecordedTimeout flush = core.timer("flush", -1);
        flush.does(() -> set.reschedule(flush, -1));
        once(() -> set.reschedule(flush, 0));
        turn();
        assertEquals(1, flush.calls());
        assertEquals(0, programmed);
        assertFalse(kernel.isReadable(set.fd()), "nothing is left to do");
    }

    @Test
    void aTimerThatStaysAtZeroRunsOnceInEachTurn() {
        RecordedTimeout timer = core.timer("timer", -1);
        once(() -> set.reschedule(timer, 0));
        turn();
        assertEquals(1, timer.calls());
        assertEquals(1, programmed);
        core.host.step();
        assertEquals(2, timer.calls());
    }

    @Test
    void whatCallbacksChangeIsProgrammedOnce() {
        RecordedTimeout a = core.timer("a", -1);
        RecordedTimeout b = core.timer("b", -1);
        once(() -> {
            set.reschedule(a, 30);
            set.reschedule(b, 20);
            set.reschedule(a, 10);
        });
        turn();
        assertEquals(1, programmed);
        assertEquals(10 * MILLI, kernel.nextTimer() - kernel.nanoTime());
    }

    @Test
    void whatAnotherThreadChangesMeanwhileIsProgrammedAtOnceWithWhatTheTurnHasLeft() throws Exception {
        RecordedTimeout own = core.timer("own", -1);
        RecordedTimeout others = core.timer("other's", -1);
        var seen = new CompletableFuture<Long>();
        once(() -> {
            set.reschedule(own, 10);
            Thread other = new Thread(() -> {
                set.reschedule(others, 20);
                seen.complete(kernel.nextTimer() - kernel.nanoTime());
            });
            other.start();
            seen.orTimeout(BOUND_SECONDS, TimeUnit.SECONDS).join();
        });
        turn();
        assertEquals(10 * MILLI, seen.get(), "while the turn ran");
        assertEquals(10 * MILLI, kernel.nextTimer() - kernel.nanoTime(), "after it");
        assertEquals(1, programmed);
    }

    @Test
    void aTurnThatFailsProgramsAllTheSame() {
        once(() -> core.timer("timer", 10));
        CallScope failing = new CallScope() {
            @Override
            public Object enter() {
                return null;
            }

            @Override
            public void exit(Object entered) {
                throw new IllegalStateException("the host fails");
            }

            @Override
            public void failed(Registration registration, Throwable failure) {}
        };
        assertThrows(IllegalStateException.class, () -> set.turn().run(failing));
        assertEquals(10 * MILLI, kernel.nextTimer() - kernel.nanoTime());
    }

    @Test
    void aTurnThatCannotBeginLeavesNoThreadBehind() {
        CallScope failing = new CallScope() {
            @Override
            public Object enter() {
                throw new IllegalStateException("the host fails");
            }

            @Override
            public void exit(Object entered) {}

            @Override
            public void failed(Registration registration, Throwable failure) {}
        };
        assertThrows(IllegalStateException.class, () -> set.turn().run(failing));
        core.timer("timer", 10);
        assertEquals(10 * MILLI, kernel.nextTimer() - kernel.nanoTime(), "programmed by the thread that failed");
    }
}
