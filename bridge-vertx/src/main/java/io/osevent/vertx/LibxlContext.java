package io.osevent.vertx;

import io.osevent.bridge.CallScope;
import io.osevent.bridge.EventSetStats;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.Teardown;
import io.osevent.libxl.EventGenerator;
import io.osevent.libxl.LibxlCall;
import io.osevent.libxl.LibxlCtx;
import io.osevent.libxl.RawEvent;
import io.osevent.shim.Seam;
import io.osevent.shim.Seams;
import io.osevent.vertx.libxl.DomainConfig;
import io.osevent.vertx.libxl.DomainEvent;
import io.osevent.vertx.libxl.DomainInfo;
import io.vertx.core.Closeable;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A context of libxl on a Vert.x: this host's Xen, as futures and handlers.
 *
 * <p>Descriptors and deadlines are watched on the event loop; every call of libxl, and everything that libxl does when it
 * is told of an event, runs on one worker thread of this context, one after the other, because it may block. The event
 * loop is never held. Futures complete, and handlers are called, in the Vert.x context of the caller.
 *
 * <p>All methods may be called from any thread, also from a handler. Close every context; closing the Vert.x, or
 * undeploying the verticle that opened it, closes it, too.
 */
public final class LibxlContext {
    private static final System.Logger LOG = System.getLogger(LibxlContext.class.getName());
    private static final AtomicLong NUMBERS = new AtomicLong();

    private static final long IDLE_SECONDS = 30;

    private record Subscription(ContextInternal context, String drive, Handler<DomainEvent> handler) {}

    private final VertxInternal vertx;
    private final ContextInternal owner;
    private final LibxlOptions options;
    private final SharedSet shared;
    private final ExecutorService worker;
    private final NativeContext context;
    private final Map<Long, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final AtomicLong lastSubscription = new AtomicLong();
    private final Set<Promise<?>> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Promise<Void> closed = Promise.promise();
    private final Closeable closeHook = this::closeWithVertx;

    private LibxlCtx ctx;
    private final AtomicReference<Throwable> disaster = new AtomicReference<>();
    private volatile Handler<Throwable> disasterHandler = failure -> {};
    private Teardown teardown;

    private LibxlContext(ContextInternal owner, LibxlOptions options, SharedSet shared) {
        String number = Long.toString(NUMBERS.incrementAndGet());
        String name = "libxl context " + (options.getName().isEmpty() ? number : options.getName());
        this.vertx = owner.owner();
        this.owner = owner;
        this.options = options;
        this.shared = shared;
        this.worker = newWorker("osevent-libxl-" + number);
        this.context = NativeContext.onWorker(shared.set(), name, worker, CallScope.PLAIN);
    }

    /**
     * Opens a context with the default options.
     *
     * @param vertx the Vert.x
     * @return as {@link #open(Vertx, LibxlOptions)}
     */
    public static Future<LibxlContext> open(Vertx vertx) {
        return open(vertx, new LibxlOptions());
    }

    /**
     * Opens a context; as many as you like. Those that are opened in one Vert.x context share an event set, and each has a
     * worker thread of its own.
     *
     * @param vertx the Vert.x; the event loop is the caller's, or picked as for a verticle
     * @param options how to open it
     * @return the context; fails with {@link UnsupportedOperationException} if libxl or a native seam is not there, with
     *     {@link io.osevent.libxl.LibxlException} if this is no dom0 or xenstored does not answer, with
     *     {@link IllegalStateException} if another part of the process handles SIGCHLD, if every thread blocks it, or if
     *     the Vert.x is closed
     */
    public static Future<LibxlContext> open(Vertx vertx, LibxlOptions options) {
        ContextInternal owner = (ContextInternal) vertx.getOrCreateContext();
        // Not a promise of the owner's: to keep that one, its loop must still be there
        CompletableFuture<LibxlContext> opened = new CompletableFuture<>();
        try {
            vertx.executeBlocking(() -> options.getSeam() == null ? Seams.best() : options.getSeam(), false)
                    .onComplete(seam -> owner.runOnContext(nothing -> {
                        if (seam.failed()) {
                            opened.completeExceptionally(seam.cause());
                        } else {
                            open(owner, options, seam.result(), opened);
                        }
                    }));
        } catch (RejectedExecutionException ended) {
            return Future.failedFuture(new IllegalStateException("this Vert.x is closed"));
        }
        return Future.fromCompletionStage(opened, owner);
    }

    /**
     * One thread, which ends when it has been idle for a while. Not one of Vert.x's: those are gone before a context has
     * ended that is closed with its Vert.x.
     */
    private static ExecutorService newWorker(String name) {
        ThreadPoolExecutor worker =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        worker.allowCoreThreadTimeOut(true);
        return worker;
    }

    private static void open(
            ContextInternal owner, LibxlOptions options, Seam seam, CompletableFuture<LibxlContext> opened) {
        SharedSet shared;
        try {
            shared = SharedSet.acquire(owner, seam);
        } catch (RuntimeException | LinkageError e) {
            opened.completeExceptionally(e);
            return;
        }
        LibxlContext opening = new LibxlContext(owner, options, shared);
        shared.watched().whenComplete((nothing, failure) -> {
            if (failure != null) {
                opening.abandon(opened, failure);
            } else {
                opening.worker.execute(() -> opening.allocate(seam, opened));
            }
        });
    }

    private void allocate(Seam seam, CompletableFuture<LibxlContext> opened) {
        try {
            ctx = LibxlCtx.alloc(context, seam, new Listener(), options.getObserver());
        } catch (Throwable e) {
            abandon(opened, e);
            return;
        }
        if (owner.closeFuture().add(closeHook)) {
            opened.complete(this);
        } else {
            // The Vert.x or the verticle was closed meanwhile: nobody else will close what has come too late for that.
            close();
            opened.completeExceptionally(
                    new IllegalStateException(context + " was closed with its Vert.x, or its verticle, as it opened"));
        }
    }

    private void abandon(CompletableFuture<LibxlContext> opened, Throwable failure) {
        shared.release(true);
        worker.shutdown();
        opened.completeExceptionally(failure);
    }

    // ---- domains ----------------------------------------------------------------------------------------------------

    /**
     * Lists this host's domains, dom0 among them.
     *
     * @return the domains
     */
    public Future<List<DomainInfo>> domains() {
        return call("libxl_list_domain", LibxlCtx::listDomains)
                .map(list ->
                        list.stream().map(JsonObject::new).map(DomainInfo::of).toList());
    }

    /**
     * Asks for one domain.
     *
     * @param domid the domain
     * @return what the hypervisor knows; fails with {@code ERROR_DOMAIN_NOTFOUND} if it has gone
     */
    public Future<DomainInfo> domain(int domid) {
        return call("libxl_domain_info", c -> c.domainInfo(domid)).map(json -> DomainInfo.of(new JsonObject(json)));
    }

    /**
     * Asks for a domain's name.
     *
     * @param domid the domain
     * @return null if it has none, or xenstored does not answer
     */
    public Future<String> domainName(int domid) {
        return call("libxl_domid_to_name", c -> c.domainName(domid));
    }

    /**
     * Asks for the configuration from which a domain could be built again.
     *
     * @param domid the domain
     * @return {@code libxl_domain_config}
     */
    public Future<JsonObject> configuration(int domid) {
        return start(LibxlCall.domainConfiguration(domid)).future().map(JsonObject::new);
    }

    /**
     * Asks for the host's memory and processors.
     *
     * @return {@code libxl_physinfo}
     */
    public Future<JsonObject> host() {
        return call("libxl_get_physinfo", LibxlCtx::physicalInfo).map(JsonObject::new);
    }

    /**
     * Asks where a domain's primary console is.
     *
     * @param domid the domain
     * @return the path of a terminal; fails if the domain offers none
     */
    public Future<String> console(int domid) {
        return call("libxl_primary_console_get_tty", c -> c.consoleTerminal(domid));
    }

    /**
     * Builds a domain, which is left paused: watch it, then unpause it.
     *
     * @param config the domain
     * @return its number
     */
    public Future<Integer> create(DomainConfig config) {
        return start(LibxlCall.domainCreate(config.toJson().encode())).future();
    }

    /**
     * Stops a domain's processors.
     *
     * @param domid the domain
     * @return completes when it is done
     */
    public Future<Void> pause(int domid) {
        return start(LibxlCall.domainPause(domid)).future();
    }

    /**
     * Lets a domain's processors run.
     *
     * @param domid the domain
     * @return completes when it is done
     */
    public Future<Void> unpause(int domid) {
        return start(LibxlCall.domainUnpause(domid)).future();
    }

    /**
     * Asks a guest to shut down. That it has done so is an event.
     *
     * @param domid the domain
     * @return completes when the guest has taken note
     */
    public Future<Void> shutdown(int domid) {
        return start(LibxlCall.domainShutdown(domid)).future();
    }

    /**
     * Asks a guest to reboot. That it has stopped for it is an event; to build it again is the user's part.
     *
     * @param domid the domain
     * @return completes when the guest has taken note
     */
    public Future<Void> reboot(int domid) {
        return start(LibxlCall.domainReboot(domid)).future();
    }

    /**
     * Ends a domain without asking it.
     *
     * @param domid the domain
     * @return completes when it has gone
     */
    public Future<Void> destroy(int domid) {
        return start(LibxlCall.domainDestroy(domid)).future();
    }

    /**
     * Tells when a domain has shut down, and when it has gone.
     *
     * @param domid the domain
     * @param handler called in the caller's context, in the order of the events
     * @return completes when libxl watches
     */
    public Future<LibxlWatch> watchDomain(int domid, Handler<DomainEvent> handler) {
        return watch("libxl_evenable_domain_death", "", handler, (c, id) -> c.enableDomainDeath(domid, id));
    }

    /**
     * Tells when a guest ejects a medium.
     *
     * @param domid the domain
     * @param drive the drive, such as {@code "hdc"}
     * @param handler called in the caller's context, in the order of the events
     * @return completes when libxl watches
     */
    public Future<LibxlWatch> watchEject(int domid, String drive, Handler<DomainEvent> handler) {
        return watch("libxl_evenable_disk_eject", drive, handler, (c, id) -> c.enableDiskEject(domid, drive, id));
    }

    private interface Enable {
        EventGenerator call(LibxlCtx ctx, long id);
    }

    private Future<LibxlWatch> watch(String function, String drive, Handler<DomainEvent> handler, Enable enable) {
        long id = lastSubscription.incrementAndGet();
        subscriptions.put(id, new Subscription(caller(), drive, handler));
        return call(function, c -> new LibxlWatch(this, id, enable.call(c, id))).onFailure(failure -> forget(id));
    }

    void forget(long id) {
        subscriptions.remove(id);
    }

    // ---- whatever else libxl can do ---------------------------------------------------------------------------------

    /**
     * Starts an operation of libxl.
     *
     * @param call the operation
     * @param <T> what it results in
     * @return the operation, whose future completes in the caller's context
     */
    public <T> LibxlOperation<T> start(LibxlCall<T> call) {
        Promise<T> promise = openPromise();
        LibxlOperation<T> operation = new LibxlOperation<>(this, call.function(), promise.future());
        post(
                call.function(),
                promise,
                c -> operation.begun(c.begin(call, (result, failure) -> {
                    if (failure != null) {
                        promise.tryFail(failure);
                    } else {
                        promise.tryComplete(result);
                    }
                })));
        return operation;
    }

    /**
     * Runs an operation of libxl to its end on a worker of Vert.x, as a program without an event loop would. It holds that
     * worker; prefer {@link #start}.
     *
     * @param call the operation
     * @param <T> what it results in
     * @return its result
     */
    public <T> Future<T> runBlocking(LibxlCall<T> call) {
        return caller().executeBlocking(
                        () -> {
                            enter(call.function());
                            try {
                                return ctx.run(call);
                            } finally {
                                context.exit();
                            }
                        },
                        false);
    }

    /**
     * Calls libxl on this context's worker.
     *
     * @param what names the call in messages
     * @param body calls libxl
     * @param <T> what it returns
     * @return its result
     */
    public <T> Future<T> call(String what, Function<LibxlCtx, T> body) {
        Promise<T> promise = openPromise();
        post(what, promise, c -> promise.tryComplete(body.apply(c)));
        return promise.future();
    }

    private interface Body {
        void run(LibxlCtx ctx);
    }

    private void post(String what, Promise<?> promise, Body body) {
        try {
            worker.execute(() -> run(what, promise, body));
        } catch (RejectedExecutionException gone) {
            promise.tryFail(refusal());
        }
    }

    private void run(String what, Promise<?> promise, Body body) {
        try {
            enter(what);
            try {
                body.run(ctx);
            } finally {
                context.exit();
            }
        } catch (Throwable e) {
            // Also an Error, which is what a failed assertion of the user's is: its future must not stay open
            promise.tryFail(e);
        }
    }

    private void enter(String what) {
        if (!context.enter(what)) {
            throw refusal();
        }
    }

    private IllegalStateException refusal() {
        Throwable cause = disaster.get();
        return new IllegalStateException(
                context + " is " + (cause == null ? "closed" : "broken: " + cause.getMessage()));
    }

    /** A promise that is kept in the caller's context, or broken by a disaster. */
    private <T> Promise<T> openPromise() {
        Promise<T> promise = caller().promise();
        open.add(promise);
        promise.future().onComplete(result -> open.remove(promise));
        return promise;
    }

    private ContextInternal caller() {
        ContextInternal current = ContextInternal.current();
        return current != null && current.owner() == vertx ? current : owner;
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /**
     * Closes the context: refuses new calls, aborts what is going on, disables events, delivers what libxl has been
     * promised, and frees it. From anywhere, also from a handler. Idempotent.
     *
     * @return completes when libxl's context is freed; fails with {@link IllegalStateException} if that was not possible
     *     within {@link LibxlOptions#getCloseTimeout()}: the context is then leaked, which is in the log, too
     */
    public Future<Void> close() {
        Promise<Void> promise = caller().promise();
        closed.future().onComplete(promise);
        teardown().start().thenAccept(this::ended);
        return promise.future();
    }

    /**
     * The end of the context, whoever closes it.
     *
     * @return as {@link #close()}
     */
    public Future<Void> closed() {
        Promise<Void> promise = caller().promise();
        closed.future().onComplete(promise);
        return promise.future();
    }

    private synchronized Teardown teardown() {
        if (teardown == null) {
            int bound = Math.toIntExact(options.getCloseTimeout().toMillis());
            teardown = new Teardown(context, worker, new End(), bound);
        }
        return teardown;
    }

    private void ended(Teardown.Report report) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        // First what needs no event loop: a Vert.x that closes may take nothing any more. The worker before the
        // promises: it refuses what comes later, and nothing stays open.
        owner.removeCloseHook(closeHook);
        shared.release(report.freed());
        worker.shutdown();
        try {
            breakPromises(refusal());
        } finally {
            if (report.freed()) {
                closed.complete();
            } else {
                LOG.log(System.Logger.Level.ERROR, report.detail());
                closed.fail(new IllegalStateException(report.detail()));
            }
        }
    }

    private void closeWithVertx(Completable<Void> completion) {
        close().onComplete(result -> completion.succeed());
    }

    /**
     * Sets who is told when libxl reports that it is broken. The context closes itself then; what is going on fails.
     *
     * @param handler called once at most, in the context that opened this one
     * @return this
     */
    public LibxlContext disasterHandler(Handler<Throwable> handler) {
        disasterHandler = handler;
        return this;
    }

    /** Only marks and posts: libxl must not be called from here. */
    private void fail(Throwable failure) {
        if (!disaster.compareAndSet(null, failure)) {
            return;
        }
        LOG.log(System.Logger.Level.ERROR, () -> context + ": " + failure.getMessage());
        breakPromises(failure);
        owner.runOnContext(nothing -> {
            disasterHandler.handle(failure);
        });
        close();
    }

    private void breakPromises(Throwable failure) {
        for (Promise<?> promise : open) {
            try {
                promise.tryFail(failure);
            } catch (RejectedExecutionException gone) {
                // The loop of this one's caller has ended; the others' have not.
                LOG.log(System.Logger.Level.DEBUG, "a caller's loop has ended before its call", gone);
            }
        }
    }

    // ---- to look at -------------------------------------------------------------------------------------------------

    /**
     * Counts of what this context and those that share its event set have registered.
     *
     * @return a snapshot
     */
    public EventSetStats stats() {
        return shared.set().stats();
    }

    /**
     * How far the life of the context has gone.
     *
     * @return the phase of this moment
     */
    public NativeContext.Phase phase() {
        return context.phase();
    }

    @Override
    public String toString() {
        return context.toString();
    }

    /** What libxl tells, on a thread that is inside it: passed on to the contexts of those who asked. */
    private final class Listener implements LibxlCtx.Listener {
        @Override
        public void eventOccurred(RawEvent event) {
            JsonObject json = new JsonObject(event.json());
            Long id = json.getLong("for_user");
            Subscription subscription = subscriptions.get(id);
            if (subscription != null) {
                subscription.context().emit(DomainEvent.of(json, subscription.drive()), domainEvent -> {
                    // It may have been ended while this waited for its turn
                    if (subscriptions.get(id) == subscription) {
                        subscription.handler().handle(domainEvent);
                    }
                });
            }
        }

        @Override
        public void disaster(String message) {
            fail(new IllegalStateException(message));
        }
    }

    /** libxl's part of the teardown, on the worker. */
    private final class End implements Teardown.Library {
        @Override
        public CompletionStage<Void> abortOperations() {
            return ctx.abortOperations();
        }

        @Override
        public void disableEvents() {
            ctx.disableEvents();
        }

        @Override
        public void free() {
            ctx.free();
        }
    }
}
