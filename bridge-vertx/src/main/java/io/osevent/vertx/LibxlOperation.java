package io.osevent.vertx;

import io.osevent.libxl.Operation;
import io.vertx.core.Future;

/**
 * An operation of libxl that was started.
 *
 * @param <T> what it results in
 */
public final class LibxlOperation<T> {
    private final LibxlContext context;
    private final String function;
    private final Future<T> future;

    /** On the worker only; null until it has begun. */
    private Operation begun;

    LibxlOperation(LibxlContext context, String function, Future<T> future) {
        this.context = context;
        this.function = function;
        this.future = future;
    }

    void begun(Operation operation) {
        begun = operation;
    }

    /**
     * Its end.
     *
     * @return completes with the result, on the context of the caller who started it; fails with
     *     {@link io.osevent.libxl.LibxlException}
     */
    public Future<T> future() {
        return future;
    }

    /**
     * Asks libxl to cut it short. It ends as before, with {@code ERROR_ABORTED}, with another error, or with success; an
     * operation that changes a domain may leave it half done.
     *
     * @return completes with false if it had ended, was never begun, was asked before, or cannot be cut short
     */
    public Future<Boolean> abort() {
        return context.call("abort of " + function, ctx -> begun != null && begun.abort());
    }

    @Override
    public String toString() {
        return function + " of " + context;
    }
}
