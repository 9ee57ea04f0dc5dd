package io.osevent.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.Lease;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.ChildJvm;
import io.osevent.shim.NativeFds;
import io.osevent.shim.SeamKind;
import io.vertx.core.Vertx;
import io.vertx.core.transport.Transport;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What NIO's lease takes of the process, and what happens if that is not to be had. */
class NioLeaseTest {
    private static final int BOUND_SECONDS = 20;

    private final Vertx vertx = Vertx.builder().withTransport(Transport.NIO).build();
    private final VertxHost host = new VertxHost(vertx);
    private final EventSet set = EventSet.open(SeamKind.JNA.seam(), TurnLimits.DEFAULT, BridgeMetrics.NONE);

    @AfterEach
    void close() throws Exception {
        await(vertx.close().toCompletionStage());
        set.close();
    }

    @Test
    void aLeaseThatHasEndedLeavesNoDescriptor() throws Exception {
        await(host.lease(set, () -> {}).cancel());
        long open = NativeFds.openCount();
        for (int i = 0; i < 20; i++) {
            Lease lease = host.lease(set, () -> {});
            assertInstanceOf(NioLease.class, lease);
            await(lease.cancel());
            assertEquals(open, NativeFds.openCount(), "descriptors after lease " + i);
        }
    }

    /** In a process of its own: a class that Java cannot load for want of a descriptor, it does not try to load again. */
    @Test
    void withoutDescriptorsAHelperThreadWatches() throws Exception {
        List<String> printed = ChildJvm.run(System.getProperty("java.class.path"), NoDescriptorsMain.class);
        assertEquals(
                List.of("0 left: HelperLease, 1 call", "1 left: HelperLease, 1 call", "9 left: NioLease, 1 call"),
                printed);
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
    }
}
