package io.osevent.vertx;

import io.osevent.bridge.NativeContext;
import io.osevent.libxl.EventGenerator;
import io.vertx.core.Future;

/** Events of one domain that are delivered to a handler. */
public final class LibxlWatch {
    private final LibxlContext context;
    private final long id;
    private final EventGenerator generator;

    LibxlWatch(LibxlContext context, long id, EventGenerator generator) {
        this.context = context;
        this.id = id;
        this.generator = generator;
    }

    /**
     * Ends it; no event is dispatched to the handler after this method was called from the handler's own context.
     * Idempotent. Closing the context ends it, too.
     *
     * @return completes when libxl has disabled the events
     */
    public Future<Void> close() {
        context.forget(id);
        return context.<Void>call("end of a watch", ctx -> {
                    generator.disable();
                    return null;
                })
                .recover(failure -> context.phase() == NativeContext.Phase.OPEN
                        ? Future.failedFuture(failure)
                        : Future.succeededFuture());
    }
}
