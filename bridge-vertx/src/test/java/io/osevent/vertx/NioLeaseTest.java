package io.osevent.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.sun.jna.LastErrorException;
import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.Interest;
import io.osevent.bridge.Lease;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.NativeFds;
import io.osevent.shim.SeamKind;
import io.vertx.core.Vertx;
import io.vertx.core.transport.Transport;
import java.util.ArrayDeque;
import java.util.Deque;
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

    @Test
    void withoutDescriptorsAHelperThreadWatches() throws Exception {
        int fd = NativeFds.event(0);
        // Once with descriptors to spare, so that all classes are loaded.
        await(host.lease(set, () -> {}).cancel());
        await(new VertxHost(vertx, io.osevent.vertx.Transport.HELPER)
                .lease(set, () -> {})
                .cancel());
        Deque<Integer> taken = new ArrayDeque<>();
        for (int left = 0; left < 2; left++) {
            takeAll(taken);
            for (int i = 0; i < left; i++) {
                NativeFds.shut(taken.pop());
            }
            Lease lease;
            try {
                lease = host.lease(set, () -> {});
            } finally {
                taken.forEach(NativeFds::shut);
                taken.clear();
            }
            assertInstanceOf(HelperLease.class, lease, left + " left");
            LoopFd registration = new LoopFd(
                    NativeContext.permanent(set, "library"), fd, Interest.READABLE, r -> NativeFds.drain(fd));
            set.add(registration);
            NativeFds.signal(fd);
            registration.awaitCalls(1);
            set.remove(registration);
            registration.awaitFree();
            await(lease.cancel());
        }
        NativeFds.shut(fd);
    }

    private static void takeAll(Deque<Integer> taken) {
        try {
            while (true) {
                taken.push(NativeFds.event(0));
            }
        } catch (LastErrorException none) {
            assertEquals(24, none.getErrorCode(), "EMFILE");
        }
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
    }
}
