package io.osevent.it.faults;

import io.osevent.bridge.NativeContext;
import io.osevent.bridge.TimeoutRegistration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A timer or a one-shot timeout that runs a script, counts, and knows when it must not be called. */
final class ProbeTimeout extends TimeoutRegistration {
    private final Consumer<ProbeTimeout> script;
    private final Strays strays;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile long lastCall;
    private volatile boolean freed;

    /** A one-shot timeout. */
    ProbeTimeout(NativeContext context, Strays strays, Consumer<ProbeTimeout> script) {
        super(context);
        this.script = script;
        this.strays = strays;
    }

    /** A periodic timer. */
    ProbeTimeout(NativeContext context, Strays strays, int periodMillis, Consumer<ProbeTimeout> script) {
        super(context, periodMillis);
        this.script = script;
        this.strays = strays;
    }

    @Override
    protected void expired() {
        lastCall = System.nanoTime();
        if (freed) {
            strays.add(this + " was called after its finalizer");
        }
        try {
            script.accept(this);
        } finally {
            calls.incrementAndGet();
        }
    }

    @Override
    protected void free() {
        if (freed) {
            strays.add(this + " was freed twice");
        }
        freed = true;
    }

    int calls() {
        return calls.get();
    }

    /** When the last call began, in nanoseconds of {@link System#nanoTime}. */
    long lastCall() {
        return lastCall;
    }

    boolean isFreed() {
        return freed;
    }

    @Override
    public String toString() {
        return "probe timeout";
    }
}
