package io.osevent.vertx.libvirt;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The worker of one connection. Calls to libvirt block, so none is made on an event loop; each connection has threads
 * of its own, so that a host that does not answer holds up nobody else. They are platform threads: a native frame
 * pins a virtual one.
 */
final class CallLane {

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final WorkerExecutor workers;
    private final Duration bound;
    private final String host;

    CallLane(Vertx vertx, LibvirtConnectOptions options) {
        this.host = options.getUri();
        this.bound = options.getCallTimeout();
        this.workers = vertx.createSharedWorkerExecutor(
                "libvirt-" + NUMBERS.incrementAndGet(),
                options.getWorkers(),
                // The blocked-thread checker speaks up when the caller has already been told.
                bound.toMillis() * 2,
                TimeUnit.MILLISECONDS);
    }

    /** Runs blocking work; a call that outlasts the bound fails its future, and goes on alone on its thread. */
    <T> Future<T> call(String what, Callable<T> work) {
        return bounded(what, submit(work));
    }

    /** Runs blocking work without a bound. */
    <T> Future<T> submit(Callable<T> work) {
        return workers.executeBlocking(
                () -> {
                    try {
                        return work.call();
                    } catch (Exception | LinkageError e) {
                        throw LibvirtErrors.of(e);
                    }
                },
                false);
    }

    <T> Future<T> bounded(String what, Future<T> future) {
        return future.timeout(bound.toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(named(what, cause)));
    }

    Future<Void> close() {
        return workers.close();
    }

    private LibvirtFailure named(String what, Throwable cause) {
        if (cause instanceof TimeoutException) {
            return LibvirtFailure.timeout(
                    "no answer to '" + what + "' from " + host + " within " + bound.toMillis() + " ms");
        }
        return LibvirtErrors.of(cause);
    }
}
