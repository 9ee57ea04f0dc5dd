package io.osevent.bridge;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A control, run by itself: a pop that does not lock the head. It has to fail. */
@JCStressTest
@Outcome(id = "whole", expect = Expect.ACCEPTABLE, desc = "every slot exactly once")
@Outcome(expect = Expect.FORBIDDEN, desc = "a slot lost or given twice")
@State
public class WeakFreeListStress {
    private final int[] next = new int[4];
    private final FreeList list = FreeListStress.filled(next, 3);
    private int first;
    private int second;

    private int weakPop() {
        int slot = list.head();
        list.putHead(next[slot]);
        return slot;
    }

    @Actor
    public void pop() {
        first = weakPop();
    }

    @Actor
    public void popElsewhere() {
        second = weakPop();
    }

    @Arbiter
    public void arbiter(L_Result result) {
        result.r1 = FreeListStress.balance(list, 3, first, second);
    }
}
