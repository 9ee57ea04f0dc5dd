package io.osevent.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.shim.Background;
import io.osevent.shim.CTargets;
import io.osevent.shim.NativeFds;
import io.osevent.shim.Seam;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What libvirt expects of its event hooks, on each seam. */
abstract class VirEventHooksContractTest {
    private static final int READABLE = VirEvents.READABLE;
    private static final int WRITABLE = VirEvents.WRITABLE;
    private static final int HANGUP = VirEvents.HANGUP;

    private static final int BOUND_SECONDS = 20;

    private HooksRig rig;

    abstract Seam seam();

    @BeforeEach
    void open() {
        rig = new HooksRig(seam());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    // ---- ids --------------------------------------------------------------------------------------------------------

    @Test
    void idsArePositiveAscendingAndNeverUsedTwice() {
        int fd = rig.silent();
        assertEquals(1, rig.addHandle("a", fd, READABLE));
        assertEquals(2, rig.addHandle("b", fd, WRITABLE));
        assertEquals(1, rig.addTimeout("t", -1), "timers have a series of their own");
        assertEquals(0, rig.removeHandle(2));
        assertEquals(0, rig.removeTimeout(1));
        rig.turn();
        assertEquals(3, rig.addHandle("c", fd, WRITABLE));
        assertEquals(2, rig.addTimeout("u", -1));
    }

    @Test
    void anEndedSeriesRefuses() {
        try (HooksRig late = new HooksRig(seam(), Integer.MAX_VALUE - 1)) {
            assertEquals(Integer.MAX_VALUE, late.addHandle("a", late.silent(), READABLE));
            assertEquals(-1, late.addHandle("b", late.silent(), READABLE));
            assertEquals(Integer.MAX_VALUE, late.addTimeout("t", 0));
            assertEquals(-1, late.addTimeout("u", 0));
            assertEquals(List.of("t"), late.turn(), "no ff for what was refused");
        }
    }

    @Test
    void aCallbackMayNameItsIdBeforeAddHasReturned() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicReference<String> wrong = new AtomicReference<>();
        AtomicReference<Boolean> stop = new AtomicReference<>(false);
        Thread loop = new Thread(() -> {
            while (!stop.get()) {
                rig.turn();
            }
        });
        loop.start();
        int fd = rig.readable();
        for (int i = 1; i <= 300; i++) {
            int expected = i;
            int before = calls.get();
            int watch = rig.addHandle("h", fd, READABLE, (w, f, e) -> {
                if (w != expected) {
                    wrong.set("watch " + w + " instead of " + expected);
                }
                rig.updateHandle(w, 0);
                calls.incrementAndGet();
            });
            assertEquals(i, watch);
            await(() -> calls.get() > before);
            assertEquals(0, rig.removeHandle(watch));
            assertEquals(before + 1, calls.get(), "the update from inside the callback was heard");
        }
        stop.set(true);
        loop.join(TimeUnit.SECONDS.toMillis(BOUND_SECONDS));
        assertFalse(loop.isAlive());
        assertEquals(null, wrong.get());
    }

    // ---- threads ----------------------------------------------------------------------------------------------------

    @Test
    void aThreadOfCMayCallAHookAndLeavesNothingBehind() {
        for (int i = 0; i < 20; i++) {
            int watch = rig.addHandle("h" + i, rig.silent(), READABLE);
            assertEquals(0, (int) rig.removeHandleOnAThreadOfC(watch));
            assertEquals(-1, (int) rig.removeHandleOnAThreadOfC(watch), "it was removed");
            assertEquals(List.of("ff h" + i), rig.turn());
        }
        // JNA tells Java of a thread's end with the thread's last breath.
        await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("osevent")));
    }

    // ---- events -----------------------------------------------------------------------------------------------------

    @Test
    void eventsAreLevelTriggeredInLibvirtsBits() {
        int fd = rig.readable();
        rig.addHandle("h", fd, READABLE | WRITABLE);
        assertTrue(Collections.frequency(rig.turn(), "h 3") > 0);
        assertTrue(Collections.frequency(rig.turn(), "h 3") > 0);
        NativeFds.drain(fd);
        List<String> calls = rig.turn();
        assertTrue(calls.contains("h 2") && !calls.contains("h 3"), calls::toString);
    }

    @Test
    void hangUpComesUnasked() {
        int[] ends = NativeFds.pipe();
        rig.opened(ends[0]);
        rig.addHandle("h", ends[0], READABLE);
        assertEquals(List.of(), rig.turn());
        NativeFds.shut(ends[1]);
        assertTrue(rig.turn().contains("h " + HANGUP));
    }

    @Test
    void anErrorComesUnasked() {
        int[] ends = NativeFds.pipe();
        rig.opened(ends[1]);
        rig.addHandle("h", ends[1], WRITABLE);
        NativeFds.shut(ends[0]);
        assertTrue(rig.turn().contains("h " + (WRITABLE | VirEvents.ERROR)));
    }

    @Test
    void noEventsMeansSilence() {
        int[] ends = NativeFds.pipe();
        rig.opened(ends[0]);
        int watch = rig.addHandle("h", ends[0], 0);
        NativeFds.writeByte(ends[1]);
        NativeFds.shut(ends[1]);
        assertEquals(List.of(), rig.turn());
        assertEquals(List.of(), rig.turn());
        rig.updateHandle(watch, READABLE);
        assertTrue(rig.turn().contains("h " + (READABLE | HANGUP)), "a silent handle has lost nothing");
        rig.updateHandle(watch, 0);
        assertEquals(List.of(), rig.turn());
    }

    @Test
    void registrationsOfOneFdHearTheirOwnEvents() {
        int fd = rig.readable();
        int reader = rig.addHandle("r", fd, READABLE);
        rig.addHandle("w", fd, WRITABLE);
        rig.addHandle("none", fd, 0);
        List<String> calls = rig.turn();
        assertEquals(List.of("r 1", "w 2"), calls.stream().distinct().sorted().toList());
        assertEquals(0, rig.removeHandle(reader));
        assertEquals(
                List.of("ff r", "w 2"), rig.turn().stream().distinct().sorted().toList());
    }

    @Test
    void anUpdateIsNotLost() {
        int fd = rig.readable();
        int watch = rig.addHandle("h", fd, READABLE);
        for (int i = 0; i < 100; i++) {
            rig.updateHandle(watch, 0);
            assertEquals(List.of(), rig.turn());
            rig.updateHandle(watch, WRITABLE);
            assertTrue(rig.turn().contains("h 2"));
            rig.updateHandle(watch, READABLE);
            assertTrue(rig.turn().contains("h 1"));
        }
    }

    /** The interest is read again right before each callback of a batch. */
    @Test
    void anUpdateInMidBatchCounts() {
        int[] watches = new int[2];
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            watches[i] =
                    rig.addHandle("h" + i, rig.readable(), READABLE, (w, f, e) -> rig.updateHandle(watches[other], 0));
        }
        assertEquals(1, rig.turn().stream().distinct().count(), "the first one silences the second");
    }

    @Test
    void aRegularFileIsAlwaysReady(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("log"), "text");
        int fd = rig.opened(NativeFds.open(file));
        int watch = rig.addHandle("f", fd, READABLE);
        assertTrue(watch > 0);
        assertEquals(List.of("f 1"), rig.turn());
        assertEquals(List.of("f 1"), rig.turn());
        rig.updateHandle(watch, 0);
        assertEquals(List.of(), rig.turn());
    }

    // ---- removal ----------------------------------------------------------------------------------------------------

    @Test
    void removeSaysWhetherTheIdWasKnown() {
        int watch = rig.addHandle("h", rig.silent(), READABLE);
        int timer = rig.addTimeout("t", 100);
        assertEquals(0, rig.removeHandle(watch));
        assertEquals(-1, rig.removeHandle(watch));
        assertEquals(0, rig.removeTimeout(timer));
        assertEquals(-1, rig.removeTimeout(timer));
        for (int unknown : new int[] {0, -1, 99, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertEquals(-1, rig.removeHandle(unknown));
            assertEquals(-1, rig.removeTimeout(unknown));
            rig.updateHandle(unknown, READABLE);
            rig.updateTimeout(unknown, 1);
        }
        assertEquals(List.of("ff h", "ff t"), rig.turn());
    }

    @Test
    void nothingIsCalledAfterRemoveHasReturned() {
        int[] watches = new int[8];
        for (int i = 0; i < watches.length; i++) {
            int self = i;
            watches[i] = rig.addHandle("h" + i, rig.readable(), READABLE, (w, f, e) -> {
                for (int other = 0; other < watches.length; other++) {
                    if (other != self) {
                        rig.removeHandle(watches[other]);
                    }
                }
            });
        }
        List<String> calls = rig.turn();
        assertEquals(1, calls.stream().filter(c -> c.startsWith("h")).distinct().count(), calls::toString);
        assertEquals(7, rig.turn().stream().filter(c -> c.startsWith("ff")).count());
    }

    @Test
    void theNumberMayBeUsedAgainAtOnce() {
        int old = rig.readable();
        int watch = rig.addHandle("old", old, READABLE);
        int other = rig.silent();
        assertEquals(0, rig.removeHandle(watch));
        NativeFds.replace(old, other);
        int fresh = rig.addHandle("new", old, READABLE);
        assertEquals(List.of("ff old"), rig.turn());
        NativeFds.signal(other);
        assertTrue(rig.turn().contains("new 1"));
        assertEquals(0, rig.removeHandle(fresh));
    }

    @Test
    void anUpdateAfterRemoveRevivesNothing() {
        int watch = rig.addHandle("h", rig.readable(), 0);
        int timer = rig.addTimeout("t", -1);
        rig.removeHandle(watch);
        rig.removeTimeout(timer);
        rig.updateHandle(watch, READABLE);
        rig.updateTimeout(timer, 0);
        assertEquals(List.of("ff h", "ff t"), rig.turn());
        assertEquals(List.of(), rig.turn());
        assertEquals(0, rig.set.stats().fds() + rig.set.stats().timeouts());
    }

    // ---- ff ---------------------------------------------------------------------------------------------------------

    @Test
    void ffRunsOnTheLoopAndNotInsideRemove() {
        AtomicReference<Thread> where = new AtomicReference<>();
        long ff = rig.ff("h", () -> where.set(Thread.currentThread()));
        int watch = rig.addHandle(rig.silent(), READABLE, CTargets.pureC(), 4711, ff);
        assertEquals(0, rig.removeHandle(watch));
        assertEquals(null, where.get());
        assertEquals(List.of("ff h"), rig.turn());
        assertEquals(Thread.currentThread(), where.get());
        assertEquals(List.of(), rig.turn(), "once");
    }

    @Test
    void ffFollowsTheRunningCallback() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        int watch = rig.addHandle("h", rig.readable(), READABLE, (w, f, e) -> {
            inside.countDown();
            await(goOn);
            rig.record("h returns");
        });
        CompletableFuture<List<String>> turn = Background.supply(rig::turn);
        await(inside);
        assertEquals(0, rig.removeHandle(watch), "a hook does not wait for the callback");
        assertEquals(0, rig.set.stats().finalizersQueued());
        goOn.countDown();
        assertEquals(List.of("h 1", "h returns"), turn.get(BOUND_SECONDS, TimeUnit.SECONDS));
        assertEquals(List.of("ff h"), rig.turn());
    }

    @Test
    void removeFromInsideTheOwnCallback() {
        rig.addHandle("h", rig.readable(), READABLE, (w, f, e) -> assertEquals(0, rig.removeHandle(w)));
        rig.addTimeout("t", 0, id -> assertEquals(0, rig.removeTimeout(id)));
        List<String> calls = rig.turn();
        assertEquals(List.of("h 1", "t"), calls);
        assertEquals(List.of("ff h", "ff t"), rig.turn());
        assertEquals(List.of(), rig.turn());
    }

    @Test
    void ffMayBeNull() {
        int watch = rig.addHandle(rig.silent(), READABLE, CTargets.pureC(), 1, 0);
        int timer = rig.addTimeout(-1, CTargets.pureC(), 1, 0);
        assertEquals(0, rig.removeHandle(watch));
        assertEquals(0, rig.removeTimeout(timer));
        assertEquals(List.of(), rig.turn());
        assertEquals(0, rig.set.stats().unfinished());
    }

    @Test
    void aFailedAddLeavesNothing() {
        int closed = rig.silent();
        rig.shut(closed);
        assertEquals(-1, rig.addHandle("closed", closed, READABLE));
        assertEquals(-1, rig.addHandle("negative", -1, READABLE));
        assertEquals(-1, rig.addHandle(rig.silent(), READABLE, 0, 1, rig.ff("no callback")));
        assertEquals(-1, rig.addTimeout(1, 0, 1, rig.ff("no callback")));
        assertEquals(List.of(), rig.turn(), "no ff");
        assertEquals(0, rig.set.stats().unfinished());
    }

    @Test
    void hooksFailInWordsAndNotByThrowing() {
        int watch = rig.addHandle("h", rig.silent(), READABLE);
        int timer = rig.addTimeout("t", 1);
        rig.set.close();
        assertEquals(-1, rig.addHandle("late", rig.silent(), READABLE));
        assertEquals(-1, rig.addTimeout("late", 1));
        rig.updateHandle(watch, 0);
        rig.updateTimeout(timer, 2);
        assertEquals(0, rig.removeHandle(watch));
        assertEquals(0, rig.removeTimeout(timer));
    }

    @Test
    void noFfStarvesUnderLoad() {
        for (int i = 0; i < 200; i++) {
            rig.addHandle("busy", rig.readable(), READABLE);
            rig.addTimeout("busy", 0);
        }
        rig.turn();
        int watch = rig.addHandle("h", rig.silent(), READABLE);
        int timer = rig.addTimeout("t", 0);
        rig.removeHandle(watch);
        rig.removeTimeout(timer);
        List<String> calls = rig.turn();
        assertTrue(calls.contains("busy 1") && calls.contains("busy"));
        assertTrue(calls.containsAll(List.of("ff h", "ff t")), "in the very next turn");
    }

    @Test
    void ffMayCallHooks() {
        int second = rig.addHandle("second", rig.silent(), READABLE);
        long ff = rig.ff("first", () -> {
            assertEquals(0, rig.removeHandle(second));
            assertEquals(1, rig.addTimeout("third", 0));
        });
        int first = rig.addHandle(rig.silent(), READABLE, CTargets.pureC(), 1, ff);
        rig.removeHandle(first);
        assertEquals(List.of("ff first", "third"), rig.turn());
        assertEquals(List.of("ff second", "third"), rig.turn());
    }

    // ---- timers -----------------------------------------------------------------------------------------------------

    @Test
    void aTimerThatIsOffDoesNotRun() {
        rig.addTimeout("t", -1);
        rig.port.advanceMillis(1_000_000);
        assertEquals(List.of(), rig.turn());
    }

    @Test
    void aTimerOfZeroRunsInEveryTurn() {
        int timer = rig.addTimeout("t", 0);
        assertEquals(List.of("t"), rig.turn());
        assertEquals(List.of("t"), rig.turn());
        rig.updateTimeout(timer, -1);
        assertEquals(List.of(), rig.turn());
        rig.updateTimeout(timer, 0);
        assertEquals(List.of("t"), rig.turn());
    }

    @Test
    void aTimerIsPeriodicAndNeverEarly() {
        rig.addTimeout("t", 100);
        assertEquals(List.of(), rig.turn());
        for (int period = 0; period < 3; period++) {
            rig.port.advanceMillis(99);
            assertEquals(List.of(), rig.turn());
            rig.port.advanceMillis(1);
            assertEquals(List.of("t"), rig.turn());
            assertEquals(List.of(), rig.turn());
        }
    }

    @Test
    void missedPeriodsAreNotMadeUpFor() {
        rig.addTimeout("t", 100);
        rig.port.advanceMillis(1050);
        assertEquals(List.of("t"), rig.turn());
        rig.port.advanceMillis(99);
        assertEquals(List.of(), rig.turn());
        rig.port.advanceMillis(1);
        assertEquals(List.of("t"), rig.turn());
    }

    @Test
    void anUpdateArmsFromNow() {
        int timer = rig.addTimeout("t", 3000);
        rig.port.advanceMillis(2999);
        rig.updateTimeout(timer, 3000);
        rig.port.advanceMillis(2999);
        assertEquals(List.of(), rig.turn(), "the same period, from now");
        rig.updateTimeout(timer, 50);
        rig.port.advanceMillis(50);
        assertEquals(List.of("t"), rig.turn());
    }

    @Test
    void anUpdateByTheCallbackWins() {
        rig.addTimeout("off", 10, timer -> rig.updateTimeout(timer, -1));
        rig.addTimeout("longer", 10, timer -> rig.updateTimeout(timer, 500));
        rig.port.advanceMillis(10);
        assertEquals(List.of("longer", "off"), rig.turn().stream().sorted().toList());
        rig.port.advanceMillis(499);
        assertEquals(List.of(), rig.turn());
        rig.port.advanceMillis(1);
        assertEquals(List.of("longer"), rig.turn());
    }

    // ---- threads ----------------------------------------------------------------------------------------------------

    /** libvirt holds locks in its hooks that its callbacks take: a hook that waited for the loop would be a deadlock. */
    @Test
    void noHookWaitsForTheLoop() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        int busy = rig.addHandle("h", rig.readable(), READABLE, (w, f, e) -> {
            inside.countDown();
            await(goOn);
        });
        CompletableFuture<List<String>> turn = Background.supply(rig::turn);
        await(inside);
        Background.run(() -> {
                    int watch = rig.addHandle("other", rig.silent(), READABLE);
                    rig.updateHandle(watch, WRITABLE);
                    assertEquals(0, rig.removeHandle(watch));
                    int timer = rig.addTimeout("other", 1);
                    rig.updateTimeout(timer, 2);
                    assertEquals(0, rig.removeTimeout(timer));
                    rig.updateHandle(busy, 0);
                    assertEquals(0, rig.removeHandle(busy));
                })
                .get(BOUND_SECONDS, TimeUnit.SECONDS);
        assertFalse(turn.isDone());
        goOn.countDown();
        turn.get(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void callbacksMayCallEveryHook() {
        rig.addHandle("h", rig.readable(), READABLE, (w, f, e) -> {
            int watch = rig.addHandle("inner", rig.silent(), WRITABLE);
            rig.updateHandle(watch, READABLE);
            rig.updateHandle(w, 0);
            int timer = rig.addTimeout("inner", 5);
            rig.updateTimeout(timer, 7);
            assertEquals(0, rig.removeTimeout(timer));
            assertEquals(0, rig.removeHandle(watch));
        });
        assertEquals(List.of("h 1"), rig.turn());
        assertEquals(List.of("ff inner", "ff inner"), rig.turn());
    }

    // ---- bounded waits ----------------------------------------------------------------------------------------------

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(BOUND_SECONDS, TimeUnit.SECONDS), "a gate was not opened");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "the callback did not come");
            Thread.onSpinWait();
        }
    }
}
