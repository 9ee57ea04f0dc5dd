package io.osevent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Who watches a set that lives as long as the process. */
class LeaseKeeperTest {
    private final SimKernel kernel = new SimKernel();
    private final EventSet set = EventSet.open(kernel, TurnLimits.DEFAULT, BridgeMetrics.NONE);
    private final NativeContext context = NativeContext.permanent(set, "library");
    private final SteppedHost parking = new SteppedHost(kernel);
    private final LeaseKeeper keeper = new LeaseKeeper(set, parking);

    @Test
    void onlyOneLoopHasTheSet() {
        SteppedHost first = new SteppedHost(kernel);
        assertNull(failure(keeper.install(first)));
        Throwable refused = failure(keeper.install(new SteppedHost(kernel)));
        assertEquals("already installed on stepped host; close that one first", refused.getMessage());
        assertSame(first, keeper.holder());
    }

    @Test
    void parkedAndTakenOver() {
        SteppedHost first = new SteppedHost(kernel);
        keeper.install(first);
        keeper.park(first);
        assertTrue(keeper.isParked());
        RecordedTimeout timer = new RecordedTimeout(context, "timer", 0);
        set.addPeriodic(timer);
        parking.step();
        assertEquals(1, timer.calls());
        SteppedHost second = new SteppedHost(kernel);
        assertNull(failure(keeper.install(second)));
        assertFalse(parking.step());
        second.step();
        assertEquals(2, timer.calls());
        keeper.park(first);
        assertSame(second, keeper.holder(), "who does not have the set cannot park it");
    }

    @Test
    void aLoopThatEndsIsReplacedByTheParkedThread() {
        SteppedHost loop = new SteppedHost(kernel);
        keeper.install(loop);
        loop.end();
        assertTrue(keeper.isParked());
        assertTrue(failure(keeper.install(loop)).getMessage().contains("the loop has ended"));
        assertTrue(keeper.isParked(), "the set is never without a host");
    }

    /** Negative control: without the order of moves, the set would have two hosts at once. */
    @Test
    void theNextLeaseWaitsForTheLastTurnOfTheFormer() {
        SlowHost slow = new SlowHost();
        keeper.install(slow);
        CompletionStage<Void> parked = keeper.park(slow);
        SteppedHost next = new SteppedHost(kernel);
        CompletionStage<Void> installed = keeper.install(next);
        assertNull(keeper.holder(), "nobody while the former lease's last turn runs");
        assertFalse(parked.toCompletableFuture().isDone());
        slow.lastTurn.complete(null);
        assertNull(failure(parked));
        assertNull(failure(installed));
        assertSame(next, keeper.holder());
    }

    private static Throwable failure(CompletionStage<Void> stage) {
        CompletableFuture<Void> future = stage.toCompletableFuture();
        assertTrue(future.isDone());
        try {
            future.join();
            return null;
        } catch (CompletionException failed) {
            return failed.getCause();
        }
    }

    private static final class SlowHost implements EventHost {
        private final CompletableFuture<Void> lastTurn = new CompletableFuture<>();

        @Override
        public Lease lease(EventSet set, Runnable ended) {
            return () -> lastTurn;
        }

        @Override
        public String toString() {
            return "slow host";
        }
    }
}
