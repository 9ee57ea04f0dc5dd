package io.osevent.libxl;

import io.osevent.bridge.NativeContext;
import io.osevent.bridge.TimeoutRegistration;
import java.util.concurrent.atomic.AtomicBoolean;

/** What {@code timeout_register} registered. */
final class LibxlTimeout extends TimeoutRegistration {
    private final CallIns callIns;
    private final long forLibxl;
    private final long deadlineMicros;
    private volatile boolean saidNow;

    /** Only to catch a breach: that a timeout is claimed once is the event set's business. */
    private final AtomicBoolean delivered = new AtomicBoolean();

    LibxlTimeout(NativeContext context, CallIns callIns, long forLibxl, long deadlineMicros) {
        super(context);
        this.callIns = callIns;
        this.forLibxl = forLibxl;
        this.deadlineMicros = deadlineMicros;
    }

    /** libxl has forgotten it already, and waits only for its memory. */
    void saidNow() {
        saidNow = true;
    }

    @Override
    protected void expired() {
        callIns.occurredTimeout(token(), forLibxl, saidNow ? CallIns.SAID_NOW : deadlineMicros, delivered);
    }

    @Override
    protected void free() {
        if (!delivered.get()) {
            LibxlCounters.TIMEOUT_DROPPED.increment();
        }
    }

    @Override
    public String toString() {
        return "libxl timeout of " + context();
    }
}
