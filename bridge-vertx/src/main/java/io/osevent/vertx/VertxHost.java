package io.osevent.vertx;

import io.netty.channel.EventLoop;
import io.osevent.bridge.EventHost;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.Lease;
import io.vertx.core.Closeable;
import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The event loop of a Vert.x as a host of event sets. A set's descriptor is registered with the loop itself: as it is on
 * the native transports (epoll, io_uring), and on NIO as a channel of Java over a duplicate of it. For a loop that can watch
 * neither, or if there are no descriptors left for the duplicate, a helper thread waits and posts turns.
 *
 * <p>A host has an event-loop context of its own, whatever context it is made in: the undeployment of a verticle does not
 * end it. When its Vert.x closes, its leases end before the loops do. All methods may be called from any thread.
 */
public final class VertxHost implements EventHost {
    private final VertxInternal vertx;
    private final ContextInternal context;
    private final Transport transport;
    private final Set<LoopLease> leases = ConcurrentHashMap.newKeySet();
    private final Closeable closeHook = this::end;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** No lease begins any more; guarded by the leases, so that none is begun behind the back of the end. */
    private boolean ending;

    /**
     * A host on one of the event loops.
     *
     * @param vertx the Vert.x
     */
    public VertxHost(Vertx vertx) {
        this(vertx, null);
    }

    /** As the public one, with a transport other than the best that fits. */
    VertxHost(Vertx vertx, Transport transport) {
        this.vertx = (VertxInternal) vertx;
        this.context = this.vertx.createEventLoopContext();
        this.transport = transport == null ? Transport.of(context.nettyEventLoop()) : transport;
        if (!this.vertx.closeFuture().add(closeHook)) {
            ending = true;
            ended.complete(null);
        }
    }

    /** Completes as the Vert.x begins to close: it may drop any task from then on. */
    CompletionStage<Void> ended() {
        return ended;
    }

    /**
     * The context in which every callback of this host's sets is dispatched.
     *
     * @return an event-loop context
     */
    public Context context() {
        return context;
    }

    /**
     * How the loop watches descriptors.
     *
     * @return {@code "epoll"}, {@code "io_uring"}, {@code "nio"}, or {@code "helper"} for any other loop
     */
    public String transport() {
        return transport.toString();
    }

    @Override
    public Lease lease(EventSet set, Runnable whenEnded) {
        EventLoop loop = context.nettyEventLoop();
        synchronized (leases) {
            if (ending || loop.isShuttingDown()) {
                throw new IllegalStateException("this Vert.x is closed");
            }
            LoopLease lease = transport.newLease(context, set, whenEnded);
            // First: one that could not begin never ends, and the close of the Vert.x would wait for it.
            lease.begin();
            leases.add(lease);
            lease.done().whenComplete((nothing, failure) -> leases.remove(lease));
            return lease;
        }
    }

    /**
     * Lets go of the Vert.x: its leases must have been cancelled. Idempotent.
     */
    public void close() {
        vertx.removeCloseHook(closeHook);
    }

    /** The Vert.x closes: the loops still run, and go on until every lease has ended. */
    private void end(Completable<Void> completion) {
        List<LoopLease> last;
        synchronized (leases) {
            ending = true;
            last = List.copyOf(leases);
        }
        CompletableFuture<?>[] ends = last.stream().map(LoopLease::end).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(ends).whenComplete((nothing, failure) -> completion.succeed());
        ended.complete(null);
    }

    @Override
    public String toString() {
        return "Vert.x event loop (" + transport + ")";
    }
}
