package io.osevent.bridge;

import static io.osevent.bridge.Interest.READABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FinalizersTest {
    private static final long DELAY = 100_000;
    private static final int QUOTA = TurnLimits.DEFAULT.finalizers();

    private final CoreFixture core =
            new CoreFixture(TurnLimits.DEFAULT.withFinalizersAfter(DELAY), new SlotTable(), -1);

    private List<RecordedFd> removed(int count) {
        List<RecordedFd> fds = IntStream.range(0, count)
                .mapToObj(i -> core.fd("fd " + i, core.kernel.open(), READABLE))
                .toList();
        fds.forEach(core.set::remove);
        return fds;
    }

    @Test
    void aBurstOfRemovalsWakesTheLoopOnce() {
        removed(3);
        assertFalse(core.host.step(), "nobody is woken at once");
        core.kernel.advance(DELAY);
        core.host.settle(2);
        assertEquals(0, core.set.stats().unfinished());
        assertEquals(1, core.host.turns());
    }

    @Test
    void thoseBeyondATurnsQuotaFollowInTheNext() {
        removed(QUOTA + 1);
        core.kernel.advance(DELAY);
        core.host.settle(3);
        assertEquals(0, core.set.stats().unfinished());
        assertEquals(2, core.host.turns());
    }

    /** libvirt may remove something all the time: the first one waits for others, but not for all of them. */
    @Test
    void aLaterRemovalPostponesNothing() {
        removed(1);
        core.kernel.advance(DELAY / 3 * 2);
        removed(1);
        core.kernel.advance(DELAY / 3 * 2);
        core.host.settle(2);
        assertEquals(0, core.set.stats().unfinished());
    }

    @Test
    void anEarlierTimerIsNotHeldUp() {
        RecordedTimeout timer = core.oneShot("timer", DELAY / 1000 / 2);
        removed(1);
        core.kernel.advance(DELAY / 2 + 1);
        core.host.settle(2);
        assertEquals(1, timer.calls());
    }
}
