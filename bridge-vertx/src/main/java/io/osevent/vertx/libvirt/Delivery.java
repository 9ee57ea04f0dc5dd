package io.osevent.vertx.libvirt;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Where a stream's listener runs: a context's own thread, or one ordered worker. */
abstract class Delivery {

    private static final Logger LOG = System.getLogger(Delivery.class.getName());

    abstract void execute(Runnable task);

    abstract void later(Runnable task);

    abstract void report(Throwable cause);

    static Delivery onContext(Vertx vertx) {
        Context context = vertx.getOrCreateContext();
        return new OnContext(context) {
            @Override
            void later(Runnable task) {
                // Through a timer, not the task queue: tasks that repeat themselves keep a loop from its I/O.
                execute(() -> vertx.setTimer(1, ignored -> task.run()));
            }
        };
    }

    /** A worker context keeps the order, and its threads may block. */
    static Delivery onWorker(Vertx vertx) {
        return new OnContext(((VertxInternal) vertx).createWorkerContext()) {
            @Override
            void later(Runnable task) {
                execute(task);
            }
        };
    }

    private abstract static class OnContext extends Delivery {

        private final Context context;

        OnContext(Context context) {
            this.context = context;
        }

        @Override
        void execute(Runnable task) {
            context.runOnContext(ignored -> task.run());
        }

        @Override
        void report(Throwable cause) {
            if (context.exceptionHandler() == null) {
                LOG.log(Level.ERROR, "A listener of libvirt events failed", cause);
            } else {
                context.exceptionHandler().handle(cause);
            }
        }
    }
}
