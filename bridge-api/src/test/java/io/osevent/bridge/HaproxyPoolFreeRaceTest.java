package io.osevent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * HAProxy, "pools: fix possible race with free() in the lockless variant" (2021): one thread reads the head X of a free
 * list; another pops X and gives it back to the system; the first reads the link inside X, which is gone.
 *
 * <p>Here: one exchange of the head with BUSY reads it and locks it, so a link is read by its owner alone; whoever finds
 * the list empty puts NULL back; and slots are type-stable, so even a stale token finds a readable word.
 */
class HaproxyPoolFreeRaceTest {
    private static int scenarios;

    @TempDir
    Path crashReports;

    @AfterAll
    static void log() {
        ProofLog.held("replay-haproxy-pool-free-race", "replay", scenarios, "schedules");
    }

    @Test
    void aLinkIsReadByWhoeverHoldsTheHeadAndNobodyElse() {
        Links links = new Links(4);
        FreeList list = new FreeList(links);
        list.push(2);
        list.push(1);
        int first = list.tryLockHead();
        assertEquals(1, first);
        assertEquals(FreeList.BUSY, list.tryLockHead(), "another thread learns nothing of the list");
        list.putHead(links.next(first));
        links.giveBack(first);
        assertEquals(2, list.pop());
        links.giveBack(2);
        assertEquals(FreeList.NULL, list.pop());
        scenarios++;
    }

    @Test
    void whoeverFindsTheListEmptyPutsNullBack() {
        FreeList list = new FreeList(new Links(1));
        assertEquals(FreeList.NULL, list.pop());
        assertEquals(FreeList.NULL, list.head());
        list.push(0);
        assertEquals(0, list.pop());
        assertEquals(FreeList.NULL, list.head(), "the last slot leaves no BUSY behind");
        scenarios++;
    }

    @Test
    void aPushLinksOnlyWhatItHasSeenUnderTheLock() {
        Links links = new Links(3);
        CountDownLatch sawBusy = new CountDownLatch(1);
        FreeList list = new FreeList(links) {
            @Override
            int tryLockHead() {
                int head = super.tryLockHead();
                if (head == BUSY) {
                    sawBusy.countDown();
                }
                return head;
            }
        };
        list.push(0);
        int held = list.lockHead();
        Thread pusher = new Thread(() -> list.push(1), "pusher");
        pusher.start();
        Gates.await(sawBusy, "the pusher at a BUSY head");
        assertEquals(Links.NEVER_WRITTEN, links.of(1), "linked before the head was its own");
        list.putHead(held);
        Gates.join(pusher);
        assertEquals(List.of(1, 0, FreeList.NULL), List.of(list.pop(), list.pop(), list.pop()));
        scenarios++;
    }

    @Test
    void aStaleTokenFindsAReadableWordOfAnotherGeneration() {
        SlotTable slots = new SlotTable();
        CoreFixture core = new CoreFixture(TurnLimits.DEFAULT, slots, -1);
        RecordedTimeout old = core.timer("old", 1_000);
        long token = old.token();
        core.set.remove(old);
        core.host.settle(3);
        assertEquals(StateWord.FREE, StateWord.state(slots.word(Token.slot(token))));
        assertNull(core.set.lookUp(token));
        assertFalse(slots.retain(old));
        assertFalse(slots.disable(old));
        RecordedTimeout young = core.timer("young", 1_000);
        assertEquals(old.slot, young.slot);
        assertFalse(slots.retain(old), "nor does it reach the slot's next occupant");
        assertNull(core.set.lookUp(token));
        assertNotNull(core.set.lookUp(young.token()));
        scenarios++;
    }

    @Test
    void atRestEverySlotIsUsedFreeOrRetired() {
        SlotTable slots = new SlotTable(2);
        CoreFixture core = new CoreFixture(TurnLimits.DEFAULT, slots, -1);
        List<RecordedTimeout> held = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            held.add(core.timer("t" + i, 1_000));
            if (i % 3 == 0) {
                core.set.remove(held.remove(held.size() / 2));
                core.host.settle(3);
            }
        }
        int free = 0;
        int retired = 0;
        for (int slot = 0; slot < slots.allocated(); slot++) {
            int state = StateWord.state(slots.word(slot));
            free += state == StateWord.FREE ? 1 : 0;
            retired += state == StateWord.RETIRED ? 1 : 0;
        }
        assertEquals(slots.allocated(), held.size() + free + retired);
        Set<Integer> handedOut = new HashSet<>();
        int before = slots.allocated();
        for (int i = 0; i < free; i++) {
            assertTrue(handedOut.add(core.timer("again" + i, 1_000).slot));
        }
        assertEquals(before, slots.allocated(), "every free slot was in the list");
        scenarios++;
    }

    // ---- controls ---------------------------------------------------------------------------------------------------

    @Test
    void controlOptimisticPopReadsAnUnmappedPage() {
        try (ChildJvm child = new ChildJvm(OptimisticPop.class, crashReports)) {
            child.awaitLine("popped by the other thread and unmapped");
            child.awaitLine("SIGSEGV");
            assertFalse(child.stillRunsAfter(Gates.BOUND_MILLIS));
            assertNotEquals(0, child.exitValue());
            ProofLog.caught("haproxy-optimistic-pop", 1, "schedules", "SIGSEGV in a child process");
        }
    }

    @Test
    void controlForgettingToPutNullBackSpinsForEver() {
        try (ChildJvm child = new ChildJvm(ForgottenNull.class, crashReports)) {
            child.awaitLine("found the list empty");
            assertTrue(child.stillRunsAfter(1_500), "the next caller got through");
            ProofLog.caught("haproxy-busy-left-behind", 1, "schedules", "the next caller spins");
        }
    }

    @Test
    void theSameChildEndsWithoutTheWeakening() {
        try (ChildJvm child = new ChildJvm(ForgottenNull.class, crashReports, "sound")) {
            child.awaitLine("found the list empty");
            child.awaitLine("the next caller got through");
            assertFalse(child.stillRunsAfter(Gates.BOUND_MILLIS));
            assertEquals(0, child.exitValue());
            scenarios++;
        }
    }

    /** A free list in memory of the system, popped as the lockless variant did. */
    static final class OptimisticPop {
        private static final long SIZE = 16 << 20;

        public static void main(String[] arguments) throws ReflectiveOperationException {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field instance = type.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            Object unsafe = instance.get(null);
            Method getLong = type.getMethod("getLong", long.class);
            // So large that the allocator maps it, and unmaps it when it is freed.
            long head = (long) type.getMethod("allocateMemory", long.class).invoke(unsafe, SIZE);
            type.getMethod("putLong", long.class, long.class).invoke(unsafe, head, 0L);
            getLong.invoke(unsafe, head);
            // T1 has read the head. T2 pops it and gives it back to the system.
            type.getMethod("freeMemory", long.class).invoke(unsafe, head);
            System.out.println("popped by the other thread and unmapped");
            // T1 reads the link.
            long next = (long) getLong.invoke(unsafe, head);
            System.out.println("read " + next);
        }
    }

    static final class ForgottenNull {
        public static void main(String[] arguments) {
            boolean sound = arguments.length > 0;
            FreeList list = new FreeList(new Links(1)) {
                @Override
                void putHead(int slot) {
                    if (slot != NULL || sound) {
                        super.putHead(slot);
                    }
                }
            };
            if (list.pop() == FreeList.NULL) {
                System.out.println("found the list empty");
            }
            list.pop();
            System.out.println("the next caller got through");
        }
    }

    /** Links that notice when somebody reads inside a slot that was given back. */
    private static final class Links implements FreeList.Links {
        private static final int NEVER_WRITTEN = -7;
        private static final int GONE = -8;

        private final int[] next;

        Links(int slots) {
            next = new int[slots];
            java.util.Arrays.fill(next, NEVER_WRITTEN);
        }

        int of(int slot) {
            return next[slot];
        }

        void giveBack(int slot) {
            next[slot] = GONE;
        }

        @Override
        public int next(int slot) {
            assertNotEquals(GONE, next[slot], "read a link inside a slot that was given back");
            return next[slot];
        }

        @Override
        public void setNext(int slot, int to) {
            next[slot] = to;
        }
    }
}
