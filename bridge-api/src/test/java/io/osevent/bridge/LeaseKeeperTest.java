package io.osevent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** One host at a time, whatever order they are asked for in. */
class LeaseKeeperTest {
    private final CoreFixture core = new CoreFixture();
    private final ManualHost parking = new ManualHost("parking");
    private final LeaseKeeper keeper = new LeaseKeeper(core.set, parking);
    private final List<ManualLease> held = new ArrayList<>();

    @Test
    void theSetIsLeasedAgainOnlyWhenTheFormerLeaseHasEnded() {
        ManualHost a = new ManualHost("a");
        ManualHost b = new ManualHost("b");
        assertTrue(done(keeper.install(a)));
        CompletionStage<Void> parked = keeper.park(a);
        CompletionStage<Void> installed = keeper.install(b);
        assertFalse(done(parked));
        assertFalse(done(installed));
        a.lease.end();
        assertTrue(done(parked));
        assertFalse(done(installed), "the parked thread has not let go yet");
        parking.lease.end();
        assertTrue(done(installed));
        assertSame(b, keeper.holder());
    }

    @Test
    void aSecondInstallIsRefusedAndChangesNothing() {
        ManualHost a = new ManualHost("a");
        keeper.install(a);
        assertTrue(keeper.install(new ManualHost("b")).toCompletableFuture().isCompletedExceptionally());
        assertSame(a, keeper.holder());
    }

    @Test
    void aHostThatEndsParksTheSet() {
        ManualHost a = new ManualHost("a");
        keeper.install(a);
        a.lease.end();
        a.lease.ended.run();
        assertTrue(keeper.isParked());
        a.lease.ended.run();
        assertTrue(keeper.isParked());
    }

    @Test
    void aHostThatHasEndedAlreadyParksTheSet() {
        ManualHost a = new ManualHost("a");
        a.gone = true;
        assertTrue(keeper.install(a).toCompletableFuture().isCompletedExceptionally());
        assertTrue(keeper.isParked());
    }

    @Test
    void aHostThatCannotBeLoadedParksTheSet() {
        EventHost broken = (set, ended) -> {
            throw new NoClassDefFoundError("a transport's");
        };
        assertTrue(keeper.install(broken).toCompletableFuture().isCompletedExceptionally());
        assertTrue(keeper.isParked());
    }

    @Test
    void aHostThatEndsWhileItIsAskedParksTheSetAfterwards() {
        ManualHost a = new ManualHost("a");
        a.endsAtOnce = true;
        keeper.install(a);
        assertTrue(keeper.isParked());
        assertEquals(1, held.size());
    }

    private static boolean done(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isDone();
    }

    /** Fails if it is called under the keeper's monitor: a host has locks of its own. */
    private final class ManualHost implements EventHost {
        private final String name;
        private boolean gone;
        private boolean endsAtOnce;
        private ManualLease lease;

        ManualHost(String name) {
            this.name = name;
        }

        @Override
        public Lease lease(EventSet set, Runnable ended) {
            assertFalse(Thread.holdsLock(keeper), "leased under the monitor");
            if (gone) {
                throw new IllegalStateException("the loop has ended");
            }
            assertEquals(List.of(), held, "one host at a time");
            lease = new ManualLease(ended);
            held.add(lease);
            if (endsAtOnce) {
                lease.end();
                ended.run();
            }
            return lease;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final class ManualLease implements Lease {
        private final Runnable ended;
        private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

        ManualLease(Runnable ended) {
            this.ended = ended;
        }

        void end() {
            held.remove(this);
            cancelled.complete(null);
        }

        @Override
        public CompletionStage<Void> cancel() {
            assertFalse(Thread.holdsLock(keeper), "cancelled under the monitor");
            return cancelled;
        }
    }
}
