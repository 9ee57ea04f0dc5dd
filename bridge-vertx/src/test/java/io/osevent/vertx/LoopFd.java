package io.osevent.vertx;

import io.osevent.bridge.EventSet;
import io.osevent.bridge.FdRegistration;
import io.osevent.bridge.NativeContext;
import java.util.function.Consumer;

/** An fd registration whose calls are counted on the loop and awaited by the test. */
final class LoopFd extends FdRegistration {
    private final Counted counted = new Counted();
    private final Consumer<LoopFd> callback;

    /** Set by the test once remove has returned. */
    volatile boolean removed;

    /** True when remove returned while a callback was running, which may then finish. */
    volatile boolean running;

    private volatile boolean inCallback;

    LoopFd(NativeContext context, int fd, int interest, Consumer<LoopFd> callback) {
        super(context, fd, interest);
        this.callback = callback;
    }

    @Override
    protected void ready(int events) {
        inCallback = true;
        try {
            callback.accept(this);
        } finally {
            inCallback = false;
            counted.called();
        }
    }

    @Override
    protected void free() {
        counted.freed();
    }

    void remove(EventSet set) {
        set.remove(this);
        running = true;
        if (!inCallback) {
            running = false;
        }
        removed = true;
    }

    int calls() {
        return counted.calls();
    }

    void awaitCalls(int count) throws InterruptedException {
        counted.awaitCalls(count, this);
    }

    void awaitFree() throws InterruptedException {
        counted.awaitFree(this);
    }

    @Override
    public String toString() {
        return "test fd " + fd();
    }
}
