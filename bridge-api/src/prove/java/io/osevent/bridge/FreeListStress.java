package io.osevent.bridge;

import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The free list on real processors: nothing is lost, nothing is given out twice, and at rest the head is unlocked. */
public final class FreeListStress {
    private FreeListStress() {}

    /** Plain links, as the table has them: only the locked head orders their accesses. */
    private static final class PlainLinks implements FreeList.Links {
        private final int[] next;

        PlainLinks(int[] next) {
            this.next = next;
        }

        @Override
        public int next(int slot) {
            return next[slot];
        }

        @Override
        public void setNext(int slot, int to) {
            next[slot] = to;
        }
    }

    static FreeList filled(int[] links, int count) {
        FreeList list = new FreeList(new PlainLinks(links));
        for (int slot = 0; slot < count; slot++) {
            list.push(slot);
        }
        return list;
    }

    /** Tells of what the threads hold and of what the list holds together. */
    static String balance(FreeList list, int count, int... held) {
        if (list.head() == FreeList.BUSY) {
            return "left locked";
        }
        int[] times = new int[count];
        for (int slot : held) {
            if (slot != FreeList.NULL) {
                times[slot]++;
            }
        }
        int steps = 0;
        for (int slot = list.pop(); slot != FreeList.NULL; slot = list.pop()) {
            times[slot]++;
            if (++steps > count) {
                return "a ring";
            }
        }
        return Arrays.stream(times).allMatch(t -> t == 1) ? "whole" : "lost or twice: " + Arrays.toString(times);
    }

    /** A pop while another thread pops two and gives the first one back: the classic ABA. */
    @JCStressTest
    @Outcome(id = "whole", expect = Expect.ACCEPTABLE, desc = "every slot exactly once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a slot lost or given twice, or the head left locked")
    @State
    public static class PopAndPush {
        private final FreeList list = filled(new int[3], 3);
        private int first;
        private int second;

        @Actor
        public void pop() {
            first = list.pop();
        }

        @Actor
        public void popTwoAndGiveOneBack() {
            int slot = list.pop();
            second = list.pop();
            list.push(slot);
        }

        @Arbiter
        public void arbiter(L_Result result) {
            result.r1 = balance(list, 3, first, second);
        }
    }

    /** Who finds the list empty puts NULL back: with one slot, one of the two finds nothing at times. */
    @JCStressTest
    @Outcome(id = "whole", expect = Expect.ACCEPTABLE, desc = "the slot exactly once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the slot lost or given twice, or the head left locked")
    @State
    public static class Empty {
        private final FreeList list = filled(new int[1], 1);
        private int first;

        @Actor
        public void pop() {
            first = list.pop();
        }

        @Actor
        public void popAndGiveBack() {
            int slot = list.pop();
            if (slot != FreeList.NULL) {
                list.push(slot);
            }
        }

        @Arbiter
        public void arbiter(L_Result result) {
            result.r1 = balance(list, 1, first);
        }
    }

    /** Two pushes: both arrive. */
    @JCStressTest
    @Outcome(id = "whole", expect = Expect.ACCEPTABLE, desc = "both slots exactly once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a slot lost, or the head left locked")
    @State
    public static class TwoPushes {
        private final FreeList list = filled(new int[2], 0);

        @Actor
        public void push() {
            list.push(0);
        }

        @Actor
        public void pushElsewhere() {
            list.push(1);
        }

        @Arbiter
        public void arbiter(L_Result result) {
            result.r1 = balance(list, 2);
        }
    }
}
