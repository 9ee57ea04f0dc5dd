package io.osevent.vertx.libvirt;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/** Where a stream's listener runs: a context's own thread, or one ordered worker. */
abstract class Delivery {

    private static final Logger LOG = System.getLogger(Delivery.class.getName());
    private static final AtomicLong NUMBERS = new AtomicLong();

    abstract void execute(Runnable task);

    abstract void later(Runnable task);

    void report(Throwable cause) {
        LOG.log(Level.ERROR, "A listener of libvirt events failed", cause);
    }

    void close() {}

    static Delivery onContext(Vertx vertx) {
        Context context = vertx.getOrCreateContext();
        return new Delivery() {
            @Override
            void execute(Runnable task) {
                context.runOnContext(ignored -> task.run());
            }

            @Override
            void later(Runnable task) {
                execute(() -> vertx.setTimer(1, ignored -> task.run()));
            }

            @Override
            void report(Throwable cause) {
                if (context.exceptionHandler() == null) {
                    super.report(cause);
                } else {
                    context.exceptionHandler().handle(cause);
                }
            }
        };
    }

    static Delivery onWorker(Vertx vertx) {
        WorkerExecutor worker = vertx.createSharedWorkerExecutor("libvirt-listener-" + NUMBERS.incrementAndGet(), 1);
        return new Delivery() {
            @Override
            void execute(Runnable task) {
                Callable<Void> call = () -> {
                    task.run();
                    return null;
                };
                worker.executeBlocking(call, false).onFailure(this::report);
            }

            @Override
            void later(Runnable task) {
                execute(task);
            }

            @Override
            void close() {
                worker.close();
            }
        };
    }
}
