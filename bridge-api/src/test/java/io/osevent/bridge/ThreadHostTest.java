package io.osevent.bridge;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ThreadHostTest {
    /** The thread that a set is parked on is the only one that serves it. */
    @Test
    void aTurnThatFailsDoesNotEndTheThread() throws Exception {
        SimKernel sim = new SimKernel();
        WaitingPort kernel = new WaitingPort(sim);
        AtomicBoolean fails = new AtomicBoolean(true);
        NativePort port = new ForwardingPort(kernel) {
            @Override
            public long nanoTime() {
                if (Thread.currentThread().getName().equals("host") && fails.getAndSet(false)) {
                    throw new OutOfMemoryError("Java heap space");
                }
                return super.nanoTime();
            }
        };
        EventSet set = EventSet.open(port, TurnLimits.DEFAULT, BridgeMetrics.NONE);
        Lease lease = new ThreadHost("host", CallScope.PLAIN).lease(set, () -> {});
        kernel.awaitAsleep(set.fd());
        set.wake();
        kernel.change(() -> sim.advance(1));
        kernel.awaitTrue(() -> !fails.get(), "the turn that fails");
        kernel.awaitAsleep(set.fd());
        var ended = lease.cancel().toCompletableFuture();
        kernel.change(() -> sim.advance(1));
        ended.get(Gates.BOUND_MILLIS, TimeUnit.MILLISECONDS);
        set.close();
    }
}
