package io.osevent.libxl;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An asynchronous operation of libxl that has begun. It holds its arguments in native memory until libxl has called it
 * back, and for ever if that never happens: libxl may still look at them.
 */
public final class Operation {
    /**
     * Hears of the end of an operation.
     *
     * @param <T> what the operation results in
     */
    @FunctionalInterface
    public interface Listener<T> {
        /**
         * The operation has ended; perhaps before the call that began it has returned. On a thread that is inside libxl:
         * libxl may be called, but its context must not be freed, and nothing may be waited for.
         *
         * @param result what it resulted in; null after a failure
         * @param failure why it failed; null after success
         */
        void completed(T result, LibxlException failure);
    }

    /** All that have begun and not ended, by what libxl holds instead of a pointer. */
    private static final Map<Long, Operation> OPEN = new ConcurrentHashMap<>();

    private static final AtomicLong LAST = new AtomicLong();

    private final LibxlCtx context;
    private final long id = LAST.incrementAndGet();
    private final Memory how = new Memory(2L * Long.BYTES);
    private final Ending ending;
    private final LibxlCall<?> call;

    /** What happens at the end, with the result's type out of the way. */
    private interface Ending {
        void end(int rc);
    }

    private Operation(LibxlCtx context, LibxlCall<?> call, Ending ending) {
        this.context = context;
        this.call = call;
        this.ending = ending;
        // libxl_asyncop_how: it is copied, but libxl_ao_abort wants an identical one
        how.setLong(0, NativeCallbacks.COMPLETED);
        how.setLong(Long.BYTES, id);
    }

    /** Begins an operation; throws if libxl refuses, and then there is no callback. */
    static <T> Operation begin(LibxlCtx context, long ctx, LibxlCall<T> call, Listener<T> listener) {
        LibxlCall.Prepared<T> prepared = call.prepare(ctx);
        Operation operation = new Operation(context, call, rc -> {
            T result = null;
            LibxlException failure = null;
            try {
                if (rc == 0) {
                    result = prepared.result(ctx);
                } else {
                    failure = new LibxlException(call.function(), rc, context.lastError());
                }
            } catch (LibxlException unreadable) {
                failure = unreadable;
            } catch (RuntimeException | Error broken) {
                // Whoever waits for the end must hear of it all the same.
                failure = new LibxlException(call.function(), rc, "its result cannot be read: " + broken);
                failure.initCause(broken);
            }
            // The callback says that nobody needs the arguments any more.
            prepared.release();
            listener.completed(result, failure);
        });
        // Known before it begins: libxl calls some operations back before it returns from their initiator.
        OPEN.put(operation.id, operation);
        context.opened(operation);
        int rc = prepared.call(ctx, Pointer.nativeValue(operation.how));
        if (rc != 0) {
            OPEN.remove(operation.id);
            prepared.release();
            context.closed(operation);
            throw new LibxlException(call.function(), rc, context.lastError());
        }
        LibxlCounters.OPERATIONS.increment();
        return operation;
    }

    /** libxl's callback. */
    static void completed(long id, int rc) {
        Operation operation = OPEN.remove(id);
        if (operation == null) {
            return;
        }
        try {
            LibxlCounters.COMPLETIONS.increment();
            operation.context.observer().operationCompleted(operation.call.function(), rc);
            operation.ending.end(rc);
        } catch (Throwable failure) {
            operation.context.failed("callback of " + operation, failure);
        } finally {
            operation.context.closed(operation);
        }
    }

    /**
     * Asks libxl to cut the operation short. It still ends by its callback, and perhaps with success.
     *
     * @return false if it had ended already, if libxl had been asked before, or if this operation cannot be cut short
     */
    public boolean abort() {
        if (!call.isAbortable() || !OPEN.containsKey(id)) {
            return false;
        }
        int rc = LibxlFunctions.libxl_ao_abort(context.check("libxl_ao_abort"), Pointer.nativeValue(how));
        return rc == 0;
    }

    @Override
    public String toString() {
        return call + " of " + context;
    }
}
