package io.osevent.it.libxl;

import io.osevent.bridge.NativeContext;
import io.osevent.libxl.LibxlCall;
import io.osevent.libxl.LibxlException;
import io.osevent.shim.Seams;
import io.osevent.vertx.LibxlContext;
import io.osevent.vertx.LibxlOperation;
import io.osevent.vertx.LibxlOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** What a scenario plays on: a context of libxl on a Vert.x, a domain, and the trace of what libxl asks. */
final class Stage implements AutoCloseable {
    private static final long BOUND_SECONDS = 20;

    /** Far beyond any deadline that a scenario skips on its virtual clock. */
    private static final Duration CLOSE_BOUND = Duration.ofHours(2);

    /** No step: the scenario runs to its end. */
    static final int NEVER = -1;

    private final Rig rig = new Rig();
    private final VirtualTime time = new VirtualTime(Seams.best());
    private final AtomicReference<LibxlContext> opened = new AtomicReference<>();
    private final List<Runnable> atEnd = new ArrayList<>();
    private final Trace trace;
    private final int domid;
    private final LibxlContext context;

    /**
     * @param closeAt the line of the trace at which the context is closed, from inside the hook that says it
     */
    Stage(Vertx vertx, String name, int closeAt) throws Exception {
        domid = rig.createDomain();
        trace = new Trace(closeAt, this::closeFromInside);
        LibxlOptions options = new LibxlOptions()
                .setName(name)
                .setObserver(trace)
                .setSeam(time.seam())
                .setCloseTimeout(CLOSE_BOUND);
        context = get(LibxlContext.open(vertx, options));
        context.closed().onComplete(result -> trace.end());
        opened.set(context);
        if (closeAt >= 0 && trace.lines().size() > closeAt) {
            // Said before there was a context to close
            context.close();
        }
    }

    private void closeFromInside() {
        LibxlContext inside = opened.get();
        if (inside != null) {
            inside.close();
        }
    }

    LibxlContext context() {
        return context;
    }

    Trace trace() {
        return trace;
    }

    Rig rig() {
        return rig;
    }

    VirtualTime time() {
        return time;
    }

    int domid() {
        return domid;
    }

    /** Waits for a result; that the context has been closed meanwhile is an outcome of its own. */
    <T> T get(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (context != null && context.phase() != NativeContext.Phase.OPEN) {
                throw new Trace.EndedException(e.getCause().getMessage());
            }
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    <T> T run(LibxlCall<T> call) throws Exception {
        return get(context.start(call).future());
    }

    /** Asks again and again until the answer is null. */
    void awaitNull(Supplier<Future<?>> question) throws Exception {
        long start = System.nanoTime();
        while (get(question.get()) != null) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(BOUND_SECONDS)) {
                throw new AssertionError("still answered after " + BOUND_SECONDS + " s");
            }
        }
    }

    /** Waits for an operation to fail with a certain result. */
    void fails(LibxlOperation<?> operation, int rc) throws Exception {
        try {
            get(operation.future());
        } catch (LibxlException e) {
            if (e.rc() == rc) {
                return;
            }
            throw e;
        }
        throw new AssertionError(operation + " should have failed with " + LibxlException.name(rc));
    }

    /** Gives the domain a network interface, with the trace off. */
    Process addNicQuietly() throws Exception {
        Process backend = rig.start("backend");
        trace.mute(true);
        run(LibxlCall.nicAdd(domid, Devices.nic()));
        trace.awaitPromised();
        trace.mute(false);
        return backend;
    }

    /** Closes the context, and checks that libxl got what it was promised, once, and that nothing is left. */
    void finish() throws Exception {
        trace.mark("ctx_free");
        context.close().toCompletionStage().toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
        String wrong = trace.wrongDeliveries();
        if (!wrong.isEmpty()) {
            throw new AssertionError(wrong + "; seen: " + trace.lines());
        }
        if (context.stats().fds() != 0 || context.stats().timeouts() != 0) {
            throw new AssertionError("left after the end: " + context.stats());
        }
    }

    /** Done when libxl's context has gone. */
    void atEnd(Runnable action) {
        atEnd.add(action);
    }

    @Override
    public void close() {
        atEnd.forEach(Runnable::run);
        rig.close();
    }
}
