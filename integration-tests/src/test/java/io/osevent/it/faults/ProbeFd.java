package io.osevent.it.faults;

import io.osevent.bridge.FdRegistration;
import io.osevent.bridge.NativeContext;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An fd registration that runs a script, counts, and knows when it must not be called. */
final class ProbeFd extends FdRegistration {
    private final Consumer<ProbeFd> script;
    private final Strays strays;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile int lastEvents;
    private volatile boolean freed;
    private volatile Runnable whenFreed = () -> {};

    ProbeFd(NativeContext context, Strays strays, int fd, int interest, Consumer<ProbeFd> script) {
        super(context, fd, interest);
        this.script = script;
        this.strays = strays;
    }

    @Override
    protected void ready(int events) {
        if (freed) {
            strays.add(this + " was called after its finalizer");
        }
        lastEvents = events;
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
        whenFreed.run();
    }

    /** What the finalizer does beside being counted. */
    ProbeFd whenFreed(Runnable finalizer) {
        whenFreed = finalizer;
        return this;
    }

    int calls() {
        return calls.get();
    }

    int lastEvents() {
        return lastEvents;
    }

    boolean isFreed() {
        return freed;
    }

    @Override
    public String toString() {
        return "probe fd " + fd();
    }
}
