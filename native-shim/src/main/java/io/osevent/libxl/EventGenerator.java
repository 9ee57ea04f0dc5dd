package io.osevent.libxl;

import java.util.concurrent.atomic.AtomicBoolean;

/** One of libxl's event generators that has been enabled. */
public final class EventGenerator {
    interface Disable {
        void call(long ctx, long generator);
    }

    private final LibxlCtx context;
    private final long generator;
    private final Disable disable;
    private final AtomicBoolean enabled = new AtomicBoolean(true);

    EventGenerator(LibxlCtx context, long generator, Disable disable) {
        this.context = context;
        this.generator = generator;
        this.disable = disable;
    }

    /** Disables it. Events that occurred before may still be delivered. Nothing happens the second time. */
    public void disable() {
        long ctx = context.check("libxl_evdisable");
        if (enabled.compareAndSet(true, false)) {
            disable.call(ctx, generator);
            context.disabled(this);
        }
    }
}
