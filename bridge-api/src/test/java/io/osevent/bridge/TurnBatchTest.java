package io.osevent.bridge;

import static io.osevent.bridge.Interest.READABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often a turn looks at the clock: seldom while callbacks are short, and at once when one is long. */
class TurnBatchTest {
    private static final TurnLimits LIMITS = TurnLimits.DEFAULT;
    private static final int MOST_UNTIMED = 3;

    private final List<String> slow = new ArrayList<>();
    private final SimKernel kernel = new SimKernel();
    private int readings;
    private final NativePort port = new ForwardingPort(kernel) {
        @Override
        public long nanoTime() {
            readings++;
            return super.nanoTime();
        }
    };
    private final BridgeMetrics metrics = new BridgeMetrics() {
        @Override
        public void slowCallback(String registration, long nanos) {
            slow.add(registration);
        }
    };
    private final EventSet set = EventSet.open(port, LIMITS, metrics);
    private final NativeContext context = NativeContext.permanent(set, "library");

    private RecordedFd always(String name) {
        int fd = kernel.open();
        RecordedFd registration = new RecordedFd(context, name, fd, READABLE);
        set.add(registration);
        kernel.ready(fd, READABLE);
        return registration;
    }

    private void turn() {
        set.turn().run(CallScope.PLAIN);
    }

    @Test
    void harvestsOfOneShareALookAtTheClock() {
        RecordedFd only = always("a");
        turn();
        assertTrue(only.calls() >= LIMITS.callbacks(), only.calls() + " calls");
        assertTrue(readings <= 5 + LIMITS.callbacks() / MOST_UNTIMED + 1, readings + " readings");
    }

    @Test
    void aCallbackThatTakesAllTheTimeIsTheLastOfItsTurnWhateverTheTurnsBeforeWereLike() {
        RecordedFd only = always("a");
        for (int i = 0; i < 20; i++) {
            turn();
        }
        only.does(bits -> kernel.advance(LIMITS.nanos()));
        for (int i = 0; i < 5; i++) {
            int before = only.calls();
            turn();
            assertEquals(before + 1, only.calls());
        }
    }

    @Test
    void callbacksThatBecomeLongWithinATurnEndItSoon() {
        RecordedFd only = always("a");
        int fast = LIMITS.callbacks() / 2;
        only.does(bits -> kernel.advance(only.calls() > fast ? LIMITS.nanos() : 0));
        turn();
        int slowOnes = only.calls() - fast;
        assertTrue(slowOnes >= 1 && slowOnes <= MOST_UNTIMED, slowOnes + " slow callbacks in one turn");
    }

    @Test
    void theSlowOneIsNamedOnceThoughItCameInManyHarvests() {
        RecordedFd only = always("a");
        int fast = LIMITS.callbacks() / 2;
        only.does(bits -> kernel.advance(only.calls() > fast ? LIMITS.slowNanos() : 0));
        turn();
        assertEquals(List.of(only.toString()), slow);
    }

    @Test
    void aLineNamesAFewOfThoseThatMayHaveBeenSlow() {
        List<RecordedFd> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(always("fd" + i));
        }
        turn();
        all.forEach(each -> each.does(bits -> kernel.advance(LIMITS.slowNanos())));
        turn();
        assertEquals(1, slow.size());
        assertTrue(slow.get(0).endsWith(" or one of 4 more"), slow.get(0));
    }
}
