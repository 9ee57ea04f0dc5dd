package io.osevent.bridge;

import static io.osevent.bridge.Interest.HANGUP;
import static io.osevent.bridge.Interest.READABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * libevent, "Deadlock when calling bufferevent_free from another thread" (2013): two threads run a handler of one event,
 * one of them frees it, the other still uses it; or one wake-up carries two bits, and the first callback frees what the
 * second needs.
 *
 * <p>Here: ff runs exactly once, after the last handler has left; no handler begins after the removal has returned; and
 * when a registration is freed depends on its own users alone.
 */
class LibeventFreeFromAnotherThreadTest {
    private static int scenarios;

    @AfterAll
    static void log() {
        ProofLog.held("replay-libevent-free-from-another-thread", "replay", scenarios, "schedules");
    }

    @Test
    void twoHandlersRunWhileTheEventIsFreed() {
        freedUnderTwoHandlers(new SlotTable());
    }

    @Test
    void theLookUpThatFindsTheEventJustBeforeItIsFreed() {
        lookedUpJustBefore(new Window(new SlotTable()));
    }

    @Test
    void threadsThatAreAlwaysBusyElsewhereDelayNothing() {
        busyElsewhere(new SlotTable());
    }

    @Test
    void controlImmediateFree() {
        Control.mustBeCaught(
                "libevent-immediate-free",
                "freed under its handlers",
                () -> freedUnderTwoHandlers(new ImmediateFree()));
    }

    @Test
    void controlCheckThenAdd() {
        CheckThenAdd weak = new CheckThenAdd();
        Control.mustBeCaught("libevent-check-then-add", "a call began", () -> lookedUpJustBefore(new Window(weak)));
    }

    @Test
    void controlAddThenCheck() {
        AddThenCheck weak = new AddThenCheck();
        Control.mustBeCaught("libevent-add-then-check", "freed once", () -> lookedUpJustBefore(new Window(weak)));
    }

    @Test
    void controlQuiescenceCounter() {
        Control.mustBeCaught("libevent-quiescence-counter", "starves", () -> busyElsewhere(new QuiescenceCounter()));
    }

    /** Gate two handlers, remove: ff 0; release one: 0; release both: 1. */
    private void freedUnderTwoHandlers(SlotTable slots) {
        CoreFixture core = new CoreFixture(TurnLimits.DEFAULT, slots, -1);
        Dispatch dispatch = new Dispatch(core.set, slots, BridgeMetrics.NONE);
        RecordedFd a = core.fd("a", core.kernel.open(), READABLE);
        assertEquals(READABLE, dispatch.claim(a, READABLE));
        assertEquals(READABLE, dispatch.claim(a, READABLE));
        assertTrue(core.set.remove(a));
        var freed = core.set.finalized(a).toCompletableFuture();
        core.host.settle(3);
        assertEquals(0, a.frees(), "freed under its handlers");
        assertEquals(0, dispatch.claim(a, READABLE), "a call began after the removal");
        dispatch.call(a, READABLE, core.host);
        dispatch.release(a);
        core.host.settle(3);
        assertEquals(0, a.frees(), "freed under its last handler");
        assertFalse(freed.isDone(), "a wait for the removal outlasts each handler");
        dispatch.call(a, READABLE, core.host);
        dispatch.release(a);
        assertFalse(freed.isDone(), "and ff");
        core.host.settle(3);
        assertEquals(1, a.frees(), "freed once");
        assertTrue(freed.isDone());
        assertEquals(List.of(), core.host.failures());
        assertEquals(0, core.set.stats().unfinished());
        scenarios++;
    }

    /**
     * A thread has looked an event up; before it takes its reference, the event is removed, freed, and its slot is used
     * again; or the reference comes between the removal and ff.
     */
    private void lookedUpJustBefore(Window window) {
        CoreFixture core = new CoreFixture(TurnLimits.DEFAULT, window.slots, -1);
        Dispatch dispatch = new Dispatch(core.set, window.slots, BridgeMetrics.NONE);
        window.set(core.set);
        RecordedFd a = core.fd("a", core.kernel.open(), READABLE);
        int other = core.kernel.open();
        RecordedFd[] successor = new RecordedFd[1];
        window.opens(() -> {
            core.set.remove(a);
            core.host.settle(3);
            successor[0] = core.fd("successor", other, READABLE);
            assertEquals(a.slot, successor[0].slot, "the slot is used again");
        });
        int bits = dispatch.claim(a, READABLE);
        assertEquals(0, bits, "a call began on a slot that has another occupant");
        assertEquals(1, a.frees(), "freed once");

        RecordedFd b = core.fd("b", core.kernel.open(), READABLE);
        core.set.remove(b);
        assertEquals(0, dispatch.claim(b, READABLE), "a call began between the removal and ff");
        for (int queued = core.set.stats().finalizersQueued(); queued > 0; queued--) {
            dispatch.free(core.set.takeFinalizers(1), core.host);
        }
        assertEquals(List.of(), core.host.failures(), "b is freed once");
        assertEquals(1, b.frees(), "b is freed once");
        scenarios++;
    }

    /** Two threads take turns in B's handler without a pause; A is removed meanwhile. */
    private void busyElsewhere(SlotTable slots) {
        CoreFixture core = new CoreFixture(TurnLimits.DEFAULT, slots, -1);
        Dispatch dispatch = new Dispatch(core.set, slots, BridgeMetrics.NONE);
        RecordedFd a = core.fd("a", core.kernel.open(), READABLE);
        RecordedFd b = core.fd("b", core.kernel.open(), READABLE);
        assertEquals(READABLE, dispatch.claim(a, READABLE));
        assertEquals(READABLE, dispatch.claim(b, READABLE));
        core.set.remove(a);
        dispatch.release(a);
        for (int i = 0; i < 1_000 && a.frees() == 0; i++) {
            // The next one enters before the last one leaves.
            assertEquals(READABLE, dispatch.claim(b, READABLE));
            dispatch.release(b);
            core.host.settle(3);
        }
        assertEquals(1, a.frees(), "a starves while b is busy");
        scenarios++;
    }

    @Test
    void realThreadsInTheHandler() {
        SlotTable slots = new SlotTable();
        CoreFixture core = new CoreFixture(TurnLimits.DEFAULT, slots, -1);
        Dispatch dispatch = new Dispatch(core.set, slots, BridgeMetrics.NONE);
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        RecordedFd a = core.fd("a", core.kernel.open(), READABLE);
        a.does(bits -> {
            inside.countDown();
            Gates.await("first".equals(Thread.currentThread().getName()) ? first : second, "leave to go on");
        });
        Runnable handler = () -> {
            if (dispatch.claim(a, READABLE) != 0) {
                dispatch.call(a, READABLE, CallScope.PLAIN);
                dispatch.release(a);
            }
        };
        Thread one = new Thread(handler, "first");
        Thread two = new Thread(handler, "second");
        one.start();
        two.start();
        Gates.await(inside, "both handlers");
        core.set.remove(a);
        core.host.settle(3);
        assertEquals(0, a.frees());
        first.countDown();
        Gates.join(one);
        core.host.settle(3);
        assertEquals(0, a.frees());
        second.countDown();
        Gates.join(two);
        core.host.settle(3);
        assertEquals(1, a.frees());
        scenarios++;
    }

    @Test
    void theFirstOfTwoBitsFreesWhatTheSecondNeeds() {
        for (boolean silence : new boolean[] {false, true}) {
            CoreFixture core = new CoreFixture();
            int fd = core.kernel.open();
            RecordedFd reader = core.fd("reader", fd, READABLE);
            RecordedFd watcher = core.fd("watcher", fd, Interest.ERROR);
            reader.does(bits -> {
                core.kernel.ready(fd, 0);
                if (silence) {
                    core.set.modify(watcher, 0);
                } else {
                    core.set.remove(watcher);
                }
            });
            core.kernel.ready(fd, READABLE | HANGUP);
            core.host.settle(4);
            assertEquals(List.of(READABLE | HANGUP), reader.events());
            assertEquals(0, watcher.calls());
            assertEquals(silence ? 0 : 1, watcher.frees());
            scenarios++;
        }
    }

    @Test
    void aCallThatHasBegunKeepsItsOwnCallbackWhateverFollows() {
        SlotTable slots = new SlotTable();
        CoreFixture core = new CoreFixture(TurnLimits.DEFAULT, slots, -1);
        Dispatch dispatch = new Dispatch(core.set, slots, BridgeMetrics.NONE);
        int fd = core.kernel.open();
        RecordedFd old = core.fd("old", fd, READABLE);
        assertEquals(READABLE, dispatch.claim(old, READABLE));
        core.set.remove(old);
        RecordedFd young = core.fd("young", fd, READABLE);
        dispatch.call(old, READABLE, core.host);
        dispatch.release(old);
        core.host.settle(3);
        assertEquals(List.of(1, 0), List.of(old.calls(), young.calls()));
        assertEquals(List.of(1, 0), List.of(old.frees(), young.frees()));
        scenarios++;
    }

    // ---- weakened variants ------------------------------------------------------------------------------------------

    /** Lets a scenario act between a look-up and its reference, wherever the table under test has that gap. */
    private static final class Window {
        private final SlotTable slots;
        private EventSet set;
        private Runnable other = () -> {};

        Window(SlotTable slots) {
            this.slots = slots;
            if (slots instanceof CheckThenAdd weak) {
                weak.window = this;
            } else if (slots instanceof AddThenCheck weak) {
                weak.window = this;
            }
        }

        void set(EventSet opened) {
            set = opened;
        }

        /** Where there is no gap, the others come first. */
        void opens(Runnable action) {
            other = action;
            if (!(slots instanceof CheckThenAdd)) {
                pass();
            }
        }

        void pass() {
            Runnable action = other;
            other = () -> {};
            action.run();
        }
    }

    /** The finalizer is due at once, whoever is inside. */
    private static final class ImmediateFree extends SlotTable {
        @Override
        boolean release(Registration registration) {
            return StateWord.state(word(registration.slot)) == StateWord.DISABLED || super.release(registration);
        }

        @Override
        void finalized(Registration registration) {
            setWord(registration.slot, StateWord.of(registration.generation + 1, StateWord.FREE, 0));
        }
    }

    /** Looks whether the registration is live, and then adds a reference to whatever is in the slot. */
    private static final class CheckThenAdd extends SlotTable {
        private Window window;

        @Override
        boolean retain(Registration registration) {
            if (!isLive(registration)) {
                return false;
            }
            window.pass();
            long word;
            do {
                word = word(registration.slot);
            } while (!compareAndSet(registration.slot, word, word + 1));
            return true;
        }
    }

    /** Adds a reference, looks, and takes it back if it should not have: the last one out frees once more. */
    private static final class AddThenCheck extends SlotTable {
        private Window window;

        @Override
        boolean retain(Registration registration) {
            int slot = registration.slot;
            compareAndSet(slot, word(slot), word(slot) + 1);
            if (isLive(registration)) {
                return true;
            }
            long word = word(slot) - 1;
            compareAndSet(slot, word(slot), word);
            if (StateWord.isLast(word)) {
                window.set.queueFinalizer(registration);
            }
            return false;
        }
    }

    /** Frees when no thread is inside any handler. */
    private static final class QuiescenceCounter extends SlotTable {
        private int inside;
        private Registration due;

        @Override
        boolean retain(Registration registration) {
            boolean retained = super.retain(registration);
            inside += retained ? 1 : 0;
            return retained;
        }

        @Override
        boolean disable(Registration registration) {
            boolean disabled = super.disable(registration);
            inside += disabled ? 1 : 0;
            return disabled;
        }

        @Override
        boolean release(Registration registration) {
            due = super.release(registration) ? registration : due;
            inside--;
            return inside == 0 && registration == due;
        }
    }
}
