package io.osevent.it.libxl;

import static io.osevent.it.libxl.Extras.check;
import static io.osevent.it.libxl.Extras.failure;
import static io.osevent.it.libxl.Extras.get;

import com.sun.jna.Memory;
import io.osevent.libxl.HookObserver;
import io.osevent.libxl.LibxlCall;
import io.osevent.libxl.LibxlCounters;
import io.osevent.libxl.LibxlException;
import io.osevent.vertx.LibxlContext;
import io.osevent.vertx.LibxlOptions;
import io.osevent.vertx.LibxlWatch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Traps of libxl's header that are no sequence of hooks. */
final class Traps {
    private static final long BOUND_SECONDS = 20;
    private static final int POWEROFF = 0;
    private static final int ROUNDS = 5;

    private Traps() {}

    static Map<String, Extras.Play> all() {
        Map<String, Extras.Play> all = new LinkedHashMap<>();
        all.put("the structures of hooks outlive the garbage collector", Traps::structuresStay);
        all.put("an observer that throws", Traps::throwingObserver);
        all.put("a blocking call that begins as the context is closed", Traps::blockingAfterAbort);
        all.put("opened while its Vert.x closes", Traps::openedWhileClosing);
        return all;
    }

    /** libxl copies none of them; what it finds there is what it calls. */
    private static void structuresStay(Vertx vertx, Rig rig) throws Exception {
        rig.start("backend");
        LibxlContext context = get(LibxlContext.open(vertx));
        int domid = rig.createDomain();
        for (int round = 0; round < ROUNDS; round++) {
            System.gc();
            // Whatever was given back is given out again, and written over
            for (long words = 1; words <= 8; words++) {
                for (int block = 0; block < 200; block++) {
                    new Memory(words * Long.BYTES).clear();
                }
            }
        }
        get(context.start(LibxlCall.nicAdd(domid, Devices.nic())).future());
        get(context.destroy(domid));
        get(context.close());
    }

    /** Were it believed that a hook has failed, or a call-in left out, nothing would go on. */
    private static void throwingObserver(Vertx vertx, Rig rig) throws Exception {
        rig.start("backend");
        AtomicInteger thrown = new AtomicInteger();
        HookObserver throwing = (HookObserver) Proxy.newProxyInstance(
                HookObserver.class.getClassLoader(),
                new Class<?>[] {HookObserver.class},
                (proxy, method, arguments) -> {
                    thrown.incrementAndGet();
                    throw new IllegalArgumentException(method.getName());
                });
        LibxlContext context = get(LibxlContext.open(vertx, new LibxlOptions().setObserver(throwing)));
        int domid = rig.createDomain();
        Promise<Void> told = Promise.promise();
        LibxlWatch watch = get(context.watchDomain(domid, event -> told.tryComplete()));
        get(context.start(LibxlCall.nicAdd(domid, Devices.nic())).future());
        rig.shutdownGuest(domid, POWEROFF);
        get(told.future());
        get(watch.close());
        get(context.destroy(domid));
        get(context.close());
        check(thrown.get() > 0, "it has thrown");
    }

    /** libxl cannot find what has not yet begun, so it must not begin: it would hold up the close to its end. */
    private static void blockingAfterAbort(Vertx vertx, Rig rig) throws Exception {
        Process backend = rig.start("backend");
        int domid = rig.createDomain();
        LibxlContext context = get(LibxlContext.open(vertx));
        get(context.start(LibxlCall.nicAdd(domid, Devices.nic())).future());
        Rig.stop(backend);
        LibxlException aborted =
                failure(LibxlException.class, context.call("abort, then a call that would take twenty seconds", ctx -> {
                    ctx.abortOperations();
                    return ctx.run(LibxlCall.nicRemove(domid, Devices.nic()));
                }));
        check(aborted.rc() == LibxlException.ABORTED, aborted.getMessage());
        get(context.close());
    }

    private static void awaited(CountDownLatch latch) {
        try {
            if (!latch.await(BOUND_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("never released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A context that nobody gets is closed by nobody, unless it closes itself. */
    private static void openedWhileClosing(Vertx unused, Rig rig) throws Exception {
        LibxlCounters.Counts before = LibxlCounters.now();
        Vertx vertx = Vertx.vertx();
        CountDownLatch allocating = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        HookObserver gate = new HookObserver() {
            @Override
            public void fdRegistered(long token, int fd, int events) {
                // The pipe for SIGCHLD: libxl's context is being made
                allocating.countDown();
                awaited(closing);
            }
        };
        Future<LibxlContext> open = LibxlContext.open(vertx, new LibxlOptions().setObserver(gate));
        // Somebody waits on a loop that is gone by then
        open.onComplete(result -> {});
        check(allocating.await(BOUND_SECONDS, TimeUnit.SECONDS), "it is being opened");
        Future<Void> closed = vertx.close();
        get(closed);
        closing.countDown();
        long start = System.nanoTime();
        while (LibxlCounters.now().freed() - before.freed() < 1) {
            check(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(BOUND_SECONDS), "it is freed by itself");
            Thread.onSpinWait();
        }
        check(LibxlCounters.now().contexts() - before.contexts() == 1, "there was one");
        check(!open.succeeded(), "nobody got it");
    }
}
