package io.osevent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long TURN = 200_000;
    private final Pace pace = new Pace(8, TURN);

    private void serve(long nanosEach, long left) {
        int asked = pace.ask();
        pace.learn(asked, asked * nanosEach, left);
    }

    @Test
    void doublesWhileCallbacksAreFast() {
        int[] expected = {8, 16, 32, 64, 64};
        for (int asked : expected) {
            assertEquals(asked, pace.ask());
            serve(100, TURN);
        }
    }

    @Test
    void asksForNoMoreThanFitsIntoTheRestOfTheTurn() {
        serve(10_000, 120_000);
        assertEquals(12, pace.ask(), "12 callbacks of 10 us fit into 120 us");
        serve(10_000, 0);
        assertEquals(20, pace.ask(), "20 of them into the next turn");
    }

    @Test
    void asksForOneAfterACallbackThatTookAWholeTurn() {
        serve(TURN + 1, -1);
        assertEquals(1, pace.ask());
    }

    @Test
    void aSpellOfFastCallbacksCannotMakeALongTurnOfSlowOnesTwice() {
        for (int i = 0; i < 10; i++) {
            serve(100, TURN);
        }
        serve(1_000_000, -1);
        assertEquals(1, pace.ask(), "at most one harvest is too large");
        serve(100, TURN);
        assertEquals(2, pace.ask(), "and trust comes back slowly");
    }

    @Test
    void aTurnWithoutABoundAsksForMoreAndMore() {
        Pace unbounded = new Pace(8, Long.MAX_VALUE);
        unbounded.learn(8, 800, Long.MAX_VALUE - 800);
        assertEquals(16, unbounded.ask());
        unbounded.learn(16, 1_600, -1);
        assertEquals(32, unbounded.ask());
    }

    @Test
    void neverAsksForNothing() {
        pace.learn(1, Long.MAX_VALUE, 1);
        assertTrue(pace.ask() >= 1);
        pace.learn(1, 0, TURN);
        assertTrue(pace.ask() >= 1, "a clock that stood still is no reason to stop");
    }
}
