package io.osevent.it.libxl;

import io.osevent.bridge.Errno;
import io.osevent.bridge.NativeContext;
import io.osevent.libxl.LibxlCall;
import io.osevent.libxl.LibxlCounters;
import io.osevent.libxl.LibxlException;
import io.osevent.shim.Seam;
import io.osevent.shim.Seams;
import io.osevent.vertx.LibxlContext;
import io.osevent.vertx.LibxlOperation;
import io.osevent.vertx.LibxlOptions;
import io.osevent.vertx.LibxlWatch;
import io.osevent.vertx.libxl.DomainConfig;
import io.osevent.vertx.libxl.DomainEvent;
import io.osevent.vertx.libxl.DomainInfo;
import io.osevent.vertx.libxl.DomainType;
import io.osevent.vertx.libxl.ShutdownReason;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What is not a hook sequence: contexts beside each other, ends of all kinds, and failures. */
final class Extras {
    /** A play on a Vert.x. */
    interface Play {
        void run(Vertx vertx, Rig rig) throws Exception;
    }

    /** Rig B, which is emulated, is twenty times as slow as the host. */
    private static final long BOUND_SECONDS = Long.getLong("rig.bound.seconds", 20);

    private static final int CRASH = 3;
    private static final int SIGCHLD = 17;
    private static final long SIG_DFL = 0;
    private static final int ROUNDS = 8;

    private Extras() {}

    static Map<String, Play> all() {
        Map<String, Play> all = new LinkedHashMap<>();
        all.put("questions", Extras::questions);
        all.put("errors in one line", Extras::errors);
        all.put("a foreign handler for SIGCHLD", Extras::foreignHandler);
        all.put("two contexts on two loops", Extras::twoLoops);
        all.put("contexts of one Vert.x context share a set", Extras::sharedSet);
        all.put("blocking calls beside event-driven ones", Extras::blockingBeside);
        all.put("child processes of Java beside libxl's", Extras::processesBeside);
        all.put("the loop is not held by a call inside libxl", Extras::loopNotHeld);
        all.put("close from a handler", Extras::closeFromHandler);
        all.put("closed while calls block", Extras::closedWhileBlocked);
        all.put("closed with its Vert.x", Extras::closedWithVertx);
        all.put("closed with its verticle", Extras::closedWithVerticle);
        all.put("opened when its verticle has ended", Extras::openedTooLate);
        all.put("no event after its watch has ended", Extras::noEventAfterTheEnd);
        all.put("a hook that fails", Extras::failingHook);
        all.put("a disaster", Extras::disaster);
        all.putAll(Traps.all());
        return all;
    }

    /** Each leaks a context, so these need a process of their own. */
    static Map<String, Play> leaking() {
        Map<String, Play> all = new LinkedHashMap<>();
        all.put("a context that cannot be freed in time", Extras::leak);
        return all;
    }

    static <T> T get(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    static <T extends Throwable> T failure(Class<T> type, Future<?> future) throws Exception {
        try {
            get(future);
        } catch (Exception e) {
            return type.cast(e);
        }
        throw new AssertionError("should have failed");
    }

    static void check(boolean held, String what) {
        if (!held) {
            throw new AssertionError("not so: " + what);
        }
    }

    // ---- the binding

    private static void questions(Vertx vertx, Rig rig) throws Exception {
        int domid = rig.createDomain();
        LibxlContext context = get(LibxlContext.open(vertx));
        List<DomainInfo> domains = get(context.domains());
        check(domains.stream().anyMatch(d -> d.domid() == domid), "the domain is listed: " + domains);
        DomainInfo info = get(context.domain(domid));
        check(info.type() == DomainType.PV && !info.shutdown(), "it is a PV domain that runs: " + info);
        check(info.reason() == ShutdownReason.UNKNOWN, "it has no reason to have stopped: " + info);
        check(("guest" + domid).equals(get(context.domainName(domid))), "it has its name");
        get(context.pause(domid));
        check(get(context.domain(domid)).paused(), "it is paused");
        get(context.unpause(domid));
        check(!get(context.domain(domid)).paused(), "it is not paused any more");
        rig.shutdownGuest(domid, CRASH);
        DomainInfo crashed = get(context.domain(domid));
        check(crashed.shutdown() && crashed.reason() == ShutdownReason.CRASH, "it has crashed: " + crashed);
        get(context.close());
    }

    private static void errors(Vertx vertx, Rig rig) throws Exception {
        LibxlContext context = get(LibxlContext.open(vertx, new LibxlOptions().setName("errors")));
        LibxlException unknown = failure(LibxlException.class, context.domain(32000));
        check(unknown.rc() == LibxlException.DOMAIN_NOTFOUND, "an unknown domain is said to be unknown: " + unknown);
        // The rig cannot build domains; libxl says so through the future, and goes on
        LibxlException create = failure(
                LibxlException.class,
                context.create(DomainConfig.pv("never").memoryMiB(16).kernel("/no/such/kernel")));
        check(!create.getMessage().contains("\n"), "one line: " + create.getMessage());
        LibxlException host = failure(LibxlException.class, context.host());
        check(host.getMessage().contains("getting sharing freed pages"), "the log's reason is told: " + host);
        LibxlException json = failure(
                LibxlException.class,
                context.start(LibxlCall.nicAdd(1, "{\"mtu\":")).future());
        check(json.getMessage().contains("not what libxl understands"), "bad JSON is named: " + json.getMessage());
        ExecutionException error = failure(ExecutionException.class, context.call("a user's", c -> {
            throw new AssertionError("the user's");
        }));
        check(error.getCause() instanceof AssertionError, "an Error ends its future: " + error);
        check(get(context.domains()) != null, "the context still works");
        get(context.close());
        IllegalStateException closed = failure(IllegalStateException.class, context.domains());
        check(closed.getMessage().equals("libxl context errors is closed"), closed.getMessage());
        get(context.close());
    }

    /** libxl would assert, and take the process with it. */
    private static void foreignHandler(Vertx vertx, Rig rig) throws Exception {
        LibC.signal(SIGCHLD, LibC.harmless());
        try {
            IllegalStateException refused = failure(IllegalStateException.class, LibxlContext.open(vertx));
            check(refused.getMessage().startsWith("this process has a handler for SIGCHLD"), refused.getMessage());
        } finally {
            LibC.signal(SIGCHLD, SIG_DFL);
        }
        get(get(LibxlContext.open(vertx)).close());
    }

    // ---- beside each other

    private static Context loop(Vertx vertx) {
        return ((VertxInternal) vertx).createEventLoopContext();
    }

    private static <T> T on(Context context, java.util.function.Supplier<Future<T>> body) throws Exception {
        Promise<T> promise = Promise.promise();
        context.runOnContext(nothing -> body.get().onComplete(promise));
        return get(promise.future());
    }

    private static void twoLoops(Vertx vertx, Rig rig) throws Exception {
        rig.start("backend");
        Context[] loops = {loop(vertx), loop(vertx)};
        List<CompletableFuture<Void>> plays = new ArrayList<>();
        for (Context loop : loops) {
            plays.add(CompletableFuture.runAsync(() -> {
                try {
                    playOn(loop, vertx, rig);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (CompletableFuture<Void> play : plays) {
            play.get(BOUND_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void playOn(Context loop, Vertx vertx, Rig rig) throws Exception {
        LibxlContext context = on(loop, () -> LibxlContext.open(vertx));
        for (int round = 0; round < 3; round++) {
            int domid = rig.createDomain();
            Promise<DomainEvent> death = Promise.promise();
            AtomicBoolean elsewhere = new AtomicBoolean();
            on(
                    loop,
                    () -> context.watchDomain(domid, event -> {
                        elsewhere.compareAndSet(false, Vertx.currentContext() != loop);
                        if (event.kind() == DomainEvent.Kind.DEATH) {
                            death.tryComplete(event);
                        }
                    }));
            get(context.start(LibxlCall.nicAdd(domid, Devices.nic())).future());
            get(context.destroy(domid));
            check(get(death.future()).domid() == domid, "the death is the domain's own");
            check(!elsewhere.get(), "handlers run in the context of their caller");
        }
        get(context.close());
    }

    private static void sharedSet(Vertx vertx, Rig rig) throws Exception {
        Context loop = loop(vertx);
        LibxlContext first = on(loop, () -> LibxlContext.open(vertx));
        int before = fds();
        List<LibxlContext> more = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            more.add(on(loop, () -> LibxlContext.open(vertx)));
        }
        check(first.stats().fds() == 9, "one SIGCHLD pipe for each of nine contexts: " + first.stats());
        for (LibxlContext context : more) {
            get(context.close());
        }
        check(first.stats().fds() == 1, "they have gone: " + first.stats());
        check(fds() <= before, "their descriptors, too");
        check(get(first.domains()) != null, "the first one still works");
        get(first.close());
    }

    private static int fds() {
        return new File("/proc/self/fd").list().length;
    }

    private static void blockingBeside(Vertx vertx, Rig rig) throws Exception {
        rig.start("backend");
        LibxlContext context = get(LibxlContext.open(vertx));
        int waiting = rig.createDomain();
        LibxlOperation<Void> shutdown = context.start(LibxlCall.domainShutdown(waiting));
        for (int round = 0; round < ROUNDS; round++) {
            int blocking = rig.createDomain();
            int driven = rig.createDomain();
            Future<Void> byBlocking = context.runBlocking(LibxlCall.nicAdd(blocking, Devices.nic()))
                    .compose(nothing -> context.runBlocking(LibxlCall.domainDestroy(blocking)));
            Future<LibxlWatch> watch = context.watchDomain(driven, event -> {});
            Future<Void> byEvents = context.start(LibxlCall.nicAdd(driven, Devices.nic()))
                    .future()
                    .compose(nothing -> context.destroy(driven));
            get(Future.all(byBlocking, byEvents, watch));
            get(watch.result().close());
        }
        rig.write("/local/domain/" + waiting + "/control/shutdown", "");
        get(shutdown.future());
        get(context.close());
    }

    private static void processesBeside(Vertx vertx, Rig rig) throws Exception {
        rig.start("backend");
        LibxlContext context = get(LibxlContext.open(vertx));
        for (int round = 0; round < ROUNDS; round++) {
            int domid = rig.createDomain();
            // Each forks a hotplug script
            Future<Void> added =
                    context.start(LibxlCall.nicAdd(domid, Devices.nic())).future();
            Process ours = new ProcessBuilder("sh", "-c", "exit " + round).start();
            check(ours.waitFor(BOUND_SECONDS, TimeUnit.SECONDS), "our child has ended");
            check(ours.exitValue() == round, "its status is ours: " + ours.exitValue());
            get(added);
        }
        get(context.close());
    }

    /** As during the creation of a domain: a thread is inside libxl for a while, with the lock held. */
    private static void loopNotHeld(Vertx vertx, Rig rig) throws Exception {
        int domid = rig.createDomain();
        Context loop = loop(vertx);
        LibxlContext context = on(loop, () -> LibxlContext.open(vertx));
        get(context.watchDomain(domid, event -> {}));
        long quiet = slowestPing(loop);
        Hypercalls held = Hypercalls.hold(domid);
        Future<Void> pause = context.pause(domid);
        held.awaitInside();
        long busy;
        try {
            // A call-in that has to wait for the lock
            rig.write("/local/domain/" + domid + "/name", "renamed");
            busy = slowestPing(loop);
            check(!pause.isComplete(), "the thread was inside all the time");
        } finally {
            held.release();
        }
        get(pause);
        get(context.close());
        long bound = Math.max(3 * quiet, TimeUnit.MILLISECONDS.toNanos(20));
        check(busy <= bound, "p99 of a round trip through the loop: " + busy + " ns, quiet " + quiet + " ns");
    }

    /** The 99th percentile of a round trip through the event loop. */
    private static long slowestPing(Context loop) throws Exception {
        int pings = 1000;
        long[] took = new long[pings];
        for (int i = 0; i < pings; i++) {
            long start = System.nanoTime();
            CompletableFuture<Void> back = new CompletableFuture<>();
            loop.runOnContext(back::complete);
            back.get(BOUND_SECONDS, TimeUnit.SECONDS);
            took[i] = System.nanoTime() - start;
        }
        java.util.Arrays.sort(took);
        return took[pings * 99 / 100];
    }

    // ---- ends

    private static void closeFromHandler(Vertx vertx, Rig rig) throws Exception {
        int domid = rig.createDomain();
        LibxlContext context = get(LibxlContext.open(vertx));
        Promise<Void> closed = Promise.promise();
        get(context.watchDomain(domid, event -> context.close().onComplete(closed)));
        rig.shutdownGuest(domid, CRASH);
        get(closed.future());
        check(context.phase() == NativeContext.Phase.FREED, "it is freed: " + context.phase());
    }

    /** No backend answers, so each would wait for ten seconds; libxl aborts only one blocking call at a time. */
    private static void closedWhileBlocked(Vertx vertx, Rig rig) throws Exception {
        Process backend = rig.start("backend");
        LibxlContext context = get(LibxlContext.open(vertx));
        List<Integer> domids = List.of(rig.createDomain(), rig.createDomain(), rig.createDomain());
        for (int domid : domids) {
            get(context.start(LibxlCall.nicAdd(domid, Devices.nic())).future());
        }
        Rig.stop(backend);
        LibxlWatch watch = get(context.watchDomain(domids.get(0), event -> {}));
        int before = context.stats().timeouts();
        List<Future<Void>> blocked = domids.stream()
                .map(domid -> context.runBlocking(LibxlCall.nicRemove(domid, Devices.nic())))
                .toList();
        await("each waits for its backend", () -> context.stats().timeouts() >= before + domids.size());
        long start = System.nanoTime();
        get(context.close());
        check(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(8), "they were aborted, not awaited");
        for (Future<Void> one : blocked) {
            LibxlException aborted = failure(LibxlException.class, one);
            check(aborted.rc() == LibxlException.ABORTED, aborted.getMessage());
        }
        get(watch.close());
    }

    private static void await(String what, java.util.function.BooleanSupplier question) {
        long start = System.nanoTime();
        while (!question.getAsBoolean()) {
            check(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(BOUND_SECONDS), what);
            Thread.onSpinWait();
        }
    }

    private static void closedWithVertx(Vertx unused, Rig rig) throws Exception {
        Vertx vertx = Vertx.vertx();
        int domid = rig.createDomain();
        LibxlContext context = get(LibxlContext.open(vertx));
        LibxlOperation<Void> waiting = context.start(LibxlCall.domainShutdown(domid));
        get(context.domains());
        get(vertx.close());
        check(context.phase() == NativeContext.Phase.FREED, "it is freed: " + context.phase());
        check(waiting.future().isComplete(), "what was going on has ended");
    }

    private static void closedWithVerticle(Vertx vertx, Rig rig) throws Exception {
        CompletableFuture<LibxlContext> opened = new CompletableFuture<>();
        String id = get(vertx.deployVerticle(new AbstractVerticle() {
            @Override
            public void start(Promise<Void> started) {
                LibxlContext.open(vertx)
                        .onSuccess(opened::complete)
                        .<Void>mapEmpty()
                        .onComplete(started);
            }
        }));
        LibxlContext context = opened.get(BOUND_SECONDS, TimeUnit.SECONDS);
        get(vertx.undeploy(id));
        check(context.phase() == NativeContext.Phase.FREED, "it is freed: " + context.phase());
    }

    /** Whoever would have closed it has closed already. */
    private static void openedTooLate(Vertx vertx, Rig rig) throws Exception {
        CompletableFuture<Context> started = new CompletableFuture<>();
        String id = get(vertx.deployVerticle(new AbstractVerticle() {
            @Override
            public void start() {
                started.complete(context);
            }
        }));
        Context context = started.get(BOUND_SECONDS, TimeUnit.SECONDS);
        get(vertx.undeploy(id));
        long freed = LibxlCounters.now().freed();
        Promise<LibxlContext> opened = Promise.promise();
        context.runOnContext(nothing -> LibxlContext.open(vertx).onComplete(opened));
        IllegalStateException refused = failure(IllegalStateException.class, opened.future());
        check(refused.getMessage().endsWith("or its verticle, as it opened"), refused.getMessage());
        await("the free", () -> LibxlCounters.now().freed() == freed + 1);
    }

    /** The event waits for its turn on a loop that is busy, and there its watch is ended first. */
    private static void noEventAfterTheEnd(Vertx vertx, Rig rig) throws Exception {
        int domid = rig.createDomain();
        LibxlContext context = get(LibxlContext.open(vertx));
        // Loops are given out in turn, so the next one is not the loop that watches.
        Context busy = ((VertxInternal) vertx).createEventLoopContext();
        AtomicBoolean called = new AtomicBoolean();
        Promise<LibxlWatch> watching = Promise.promise();
        busy.runOnContext(
                nothing -> context.watchDomain(domid, event -> called.set(true)).onComplete(watching));
        LibxlWatch watch = get(watching.future());
        CountDownLatch emitted = new CountDownLatch(1);
        Promise<Void> ended = Promise.promise();
        busy.runOnContext(nothing -> {
            try {
                check(emitted.await(BOUND_SECONDS, TimeUnit.SECONDS), "the event comes in time");
                watch.close().onComplete(ended);
            } catch (InterruptedException | AssertionError e) {
                ended.fail(e);
            }
        });
        long events = LibxlCounters.now().events();
        rig.shutdownGuest(domid, CRASH);
        await("the event", () -> LibxlCounters.now().events() > events);
        // Runs on the worker after the call-in that told of the event
        context.call("the mark", c -> {
            emitted.countDown();
            return null;
        });
        get(ended.future());
        Promise<Void> later = Promise.promise();
        busy.runOnContext(nothing -> later.complete());
        get(later.future());
        check(!called.get(), "no event comes after its watch has ended");
        get(context.close());
    }

    private static void leak(Vertx vertx, Rig rig) throws Exception {
        int domid = rig.createDomain();
        LibxlContext context = get(
                LibxlContext.open(vertx, new LibxlOptions().setName("stuck").setCloseTimeout(Duration.ofMillis(300))));
        Hypercalls held = Hypercalls.hold(domid);
        Future<Void> pause = context.pause(domid);
        held.awaitInside();
        IllegalStateException leaked = failure(IllegalStateException.class, context.close());
        check(leaked.getMessage().contains("libxl context stuck is leaked, not freed"), leaked.getMessage());
        check(leaked.getMessage().contains("libxl_domain_pause on thread osevent-libxl"), leaked.getMessage());
        failure(IllegalStateException.class, pause);
        held.release();
        LibxlContext another = get(LibxlContext.open(vertx));
        get(another.domains());
        get(another.close());
    }

    // ---- failures

    private static void failingHook(Vertx vertx, Rig rig) throws Exception {
        int domid = rig.createDomain();
        AtomicBoolean full = new AtomicBoolean();
        Seam real = Seams.best();
        Seam seam = (Seam) Proxy.newProxyInstance(
                Seam.class.getClassLoader(), new Class<?>[] {Seam.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "equals":
                            return proxy == arguments[0];
                        case "hashCode":
                            return System.identityHashCode(proxy);
                        case "control":
                            if (full.get()) {
                                return -Errno.ENOSPC;
                            }
                            break;
                        default:
                            break;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        LibxlContext context = get(LibxlContext.open(vertx, new LibxlOptions().setSeam(seam)));
        full.set(true);
        LibxlException refused = failure(LibxlException.class, context.watchDomain(domid, event -> {}));
        full.set(false);
        check(refused.rc() == Errno.ENOSPC, "the error number reaches libxl's caller: " + refused);
        check(refused.getMessage().contains("ENOSPC from an event hook"), refused.getMessage());
        LibxlWatch watch = get(context.watchDomain(domid, event -> {}));
        get(watch.close());
        get(context.close());
    }

    /** libxl's self-pipe becomes something that cannot be read. */
    private static void disaster(Vertx vertx, Rig rig) throws Exception {
        int domid = rig.createDomain();
        rig.start("backend");
        Trace trace = new Trace(Stage.NEVER, () -> {});
        LibxlContext context = get(LibxlContext.open(vertx, new LibxlOptions().setObserver(trace)));
        Promise<Throwable> told = Promise.promise();
        context.disasterHandler(told::complete);
        int pipe = trace.fd("a");
        // Keeps the pipe's other name alive, and with it the readiness that the kernel reports
        int kept = LibC.dup(pipe);
        int directory = LibC.openDirectory("/");
        LibC.dup2(directory, pipe);
        LibC.close(directory);
        LibxlOperation<Void> add = context.start(LibxlCall.nicAdd(domid, Devices.nic()));
        Throwable cause = get(told.future());
        check(cause.getMessage().startsWith("libxl is in trouble"), cause.getMessage());
        failure(IllegalStateException.class, add.future());
        IllegalStateException broken = failure(IllegalStateException.class, context.domains());
        check(broken.getMessage().contains("is broken"), broken.getMessage());
        get(context.closed());
        LibC.close(kept);
    }
}
