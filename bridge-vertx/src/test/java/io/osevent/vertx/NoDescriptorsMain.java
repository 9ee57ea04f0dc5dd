package io.osevent.vertx;

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

/** A program that leases on NIO with few descriptors left, and says how it fared; see {@link NioLeaseTest}. */
final class NoDescriptorsMain {
    private static final int BOUND_SECONDS = 20;
    private static final int[] LEFT = {0, 1, 9};

    private NoDescriptorsMain() {}

    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.builder().withTransport(Transport.NIO).build();
        VertxHost host = new VertxHost(vertx);
        EventSet set = EventSet.open(SeamKind.JNA.seam(), TurnLimits.DEFAULT, BridgeMetrics.NONE);
        // Once with descriptors to spare, so that the classes of both ways are loaded.
        await(host.lease(set, () -> {}).cancel());
        await(new VertxHost(vertx, io.osevent.vertx.Transport.HELPER)
                .lease(set, () -> {})
                .cancel());
        int fd = NativeFds.event(0);
        for (int left : LEFT) {
            Lease lease = leaseWith(left, host, set);
            LoopFd registration = new LoopFd(
                    NativeContext.permanent(set, "library"), fd, Interest.READABLE, r -> NativeFds.drain(fd));
            set.add(registration);
            NativeFds.signal(fd);
            registration.awaitCalls(1);
            System.out.println(
                    left + " left: " + lease.getClass().getSimpleName() + ", " + registration.calls() + " call");
            set.remove(registration);
            registration.awaitFree();
            await(lease.cancel());
        }
        Runtime.getRuntime().halt(0);
    }

    private static Lease leaseWith(int left, VertxHost host, EventSet set) {
        Deque<Integer> taken = new ArrayDeque<>();
        try {
            while (true) {
                taken.push(NativeFds.event(0));
            }
        } catch (LastErrorException none) {
            for (int i = 0; i < left; i++) {
                NativeFds.shut(taken.pop());
            }
            return host.lease(set, () -> {});
        } finally {
            taken.forEach(NativeFds::shut);
        }
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
    }
}
