package io.osevent.vertx;

import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.CallScope;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.EventSetStats;
import io.osevent.bridge.LeaseKeeper;
import io.osevent.bridge.ThreadHost;
import io.osevent.bridge.TurnLimits;
import io.osevent.libvirt.VirEventImpl;
import io.osevent.shim.SeamKind;
import io.osevent.shim.Seams;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * libvirt's event loop on the event loop of a Vert.x. One line, before the first connection, in the place of
 * {@code Library.initEventLoop()} and the thread that runs it:
 *
 * <pre>{@code
 * LibvirtEventLoop.install(vertx).onSuccess(loop -> ...);
 * }</pre>
 *
 * <p>From then on libvirt's callbacks, and so the listeners of libvirt-java, are called on one event loop of this Vert.x,
 * one at a time, in a context of the loop's own. They must not block it: an RPC from inside a listener holds up every
 * other one.
 *
 * <p>libvirt's hooks are one per process and permanent (see {@code virEventRegisterImpl}). When the loop is closed, or its
 * Vert.x is, a parked daemon thread takes over, so that connections that are still open go on working, and a later
 * install takes over from that thread. All methods may be called from any thread, also from inside a callback; none
 * blocks.
 */
public final class LibvirtEventLoop {
    /** How long {@link #close()} waits for registrations to go. */
    public static final Duration DRAIN = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(LibvirtEventLoop.class.getName());
    private static final ReplaceableMetrics METRICS = new ReplaceableMetrics();
    /** libvirt closes connections with several removals each, one after the other; a millisecond covers a burst of them. */
    private static final TurnLimits LIMITS = TurnLimits.DEFAULT.withFinalizersAfter(1_000_000);

    private static LeaseKeeper keeper;

    private final Vertx vertx;
    private final VertxHost host;
    private final SeamKind seam;
    private final EventSet set;
    private final LeaseKeeper lease;
    private final AtomicReference<Future<Void>> closing = new AtomicReference<>();

    private LibvirtEventLoop(Vertx vertx, VertxHost host, VirEventImpl impl, LeaseKeeper lease) {
        this.vertx = vertx;
        this.host = host;
        this.seam = impl.seam().kind();
        this.set = impl.set();
        this.lease = lease;
    }

    /**
     * Makes this Vert.x run libvirt's event loop. Before the first connection is opened; of the whole process, not only
     * of this class.
     *
     * @param vertx the Vert.x; the event loop is picked as for a verticle
     * @return the loop, once it is watched; fails with {@link IllegalStateException} if a Vert.x runs libvirt's event loop
     *     already, if this one is closed, or if another implementation, such as {@code Library.initEventLoop()}, was
     *     registered first; with {@link UnsupportedOperationException} if libvirt or a native seam is not there. The
     *     message is one line and says the way out
     */
    public static Future<LibvirtEventLoop> install(Vertx vertx) {
        return install(vertx, BridgeMetrics.NONE);
    }

    /**
     * As {@link #install(Vertx)}, with somebody who hears of the loop's work. Slow callbacks are named in the log either
     * way.
     *
     * @param vertx the Vert.x
     * @param metrics hears of the work until the next install
     * @return as {@link #install(Vertx)}
     */
    public static Future<LibvirtEventLoop> install(Vertx vertx, BridgeMetrics metrics) {
        VertxHost host = new VertxHost(vertx);
        CompletableFuture<LibvirtEventLoop> installed = new CompletableFuture<>();
        // A Vert.x that closes meanwhile may drop what is asked of it below; the keeper then parks the set.
        host.ended().thenRun(() -> installed.completeExceptionally(closed()));
        registered(vertx)
                .thenCompose(impl -> onHost(vertx, host, impl, metrics))
                .whenComplete((loop, failure) -> {
                    if (failure == null) {
                        installed.complete(loop);
                    } else {
                        host.close();
                        installed.completeExceptionally(
                                failure instanceof CompletionException ? failure.getCause() : failure);
                    }
                });
        return onCaller(vertx, installed);
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("this Vert.x is closed");
    }

    /** Completes on the worker thread itself: the result of a task can be lost with the loop that should hear of it. */
    private static CompletionStage<VirEventImpl> registered(Vertx vertx) {
        CompletableFuture<VirEventImpl> registered = new CompletableFuture<>();
        try {
            vertx.executeBlocking(() -> registered.complete(register()), false)
                    .onFailure(registered::completeExceptionally);
        } catch (RejectedExecutionException ended) {
            registered.completeExceptionally(closed());
        }
        return registered;
    }

    private static CompletionStage<LibvirtEventLoop> onHost(
            Vertx vertx, VertxHost host, VirEventImpl impl, BridgeMetrics metrics) {
        LibvirtEventLoop loop = new LibvirtEventLoop(vertx, host, impl, keeper(impl));
        return loop.lease
                .install(host)
                .thenCompose(nothing -> loop.watched(metrics))
                .thenApply(nothing -> loop);
    }

    private static VirEventImpl register() {
        return VirEventImpl.register(Seams.best(), LIMITS, METRICS);
    }

    private static synchronized LeaseKeeper keeper(VirEventImpl impl) {
        if (keeper == null) {
            keeper = new LeaseKeeper(impl.set(), new ThreadHost("osevent-libvirt-parked", CallScope.PLAIN));
        }
        return keeper;
    }

    /** The loop was told to watch by a task of its own; one that comes after it says that it does. */
    private CompletionStage<Void> watched(BridgeMetrics metrics) {
        METRICS.replace(metrics);
        CompletableFuture<Void> watched = new CompletableFuture<>();
        try {
            host.context().runOnContext(nothing -> watched.complete(null));
        } catch (RejectedExecutionException ended) {
            watched.completeExceptionally(closed());
        }
        return watched;
    }

    /**
     * The context in which libvirt's callbacks are dispatched.
     *
     * @return an event-loop context of the loop's own
     */
    public Context context() {
        return host.context();
    }

    /**
     * How the event loop watches libvirt's descriptors.
     *
     * @return {@code "epoll"}, {@code "io_uring"}, {@code "nio"}, or {@code "helper"} for any other loop
     */
    public String transport() {
        return host.transport();
    }

    /**
     * How native calls are made.
     *
     * @return {@code "shim"} or {@code "jna"}
     */
    public String seam() {
        return seam.toString();
    }

    /**
     * Tells whether this loop's Vert.x runs libvirt's callbacks.
     *
     * @return false after {@link #close()}, and after its Vert.x was closed
     */
    public boolean isActive() {
        return lease.holder() == host;
    }

    /**
     * Counts of libvirt's registrations.
     *
     * @return a snapshot
     */
    public EventSetStats stats() {
        return set.stats();
    }

    /**
     * What libvirt has registered and not yet given up, by name.
     *
     * @return names, in no order
     */
    public List<String> registrations() {
        return set.describe();
    }

    /**
     * As {@link #close(Duration)} with {@link #DRAIN}.
     *
     * @return as there
     */
    public Future<Void> close() {
        return close(DRAIN);
    }

    /**
     * Gives the Vert.x back: waits until libvirt has given up every registration, at most for the given time, and parks
     * the hooks. Close the connections first: a registration that is left goes on working on the parked thread, and is
     * named in the log. Nothing is waited for if this loop is not active any more. Idempotent.
     *
     * @param drain how long to wait; zero does not wait
     * @return completes, always successfully, when the last callback of this loop has returned
     */
    public Future<Void> close(Duration drain) {
        long drainMillis = millis(drain);
        Promise<Void> promise = Promise.promise();
        if (!closing.compareAndSet(null, promise.future())) {
            return closing.get();
        }
        drained(drainMillis).thenCompose(nothing -> park()).whenComplete((nothing, failure) -> promise.complete());
        return onCaller(vertx, promise.future().toCompletionStage());
    }

    /** What is registered while another loop, or the parked thread, has the set is not waited for. */
    private CompletionStage<Void> drained(long drainMillis) {
        if (!isActive()) {
            return CompletableFuture.completedStage(null);
        }
        return set.empty().toCompletableFuture().copy().completeOnTimeout(null, drainMillis, TimeUnit.MILLISECONDS);
    }

    /** A time that no long can hold is as good as for ever. */
    private static long millis(Duration time) {
        return time.compareTo(Duration.ofMillis(Long.MAX_VALUE)) < 0 ? time.toMillis() : Long.MAX_VALUE;
    }

    private CompletionStage<Void> park() {
        List<String> left = isActive() ? set.describe() : List.of();
        if (!left.isEmpty()) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "closed with {0} registrations left, which go on working on a parked thread: {1}",
                    left.size(),
                    String.join(", ", left));
        }
        return lease.park(host).thenRun(host::close);
    }

    /** Completes on the caller's context, if it has one. */
    private static <T> Future<T> onCaller(Vertx vertx, CompletionStage<T> stage) {
        Context caller = Vertx.currentContext();
        return caller != null && caller.owner() == vertx
                ? Future.fromCompletionStage(stage, caller)
                : Future.fromCompletionStage(stage);
    }
}
