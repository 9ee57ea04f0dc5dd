package io.osevent.vertx;

import io.osevent.bridge.FdRegistration;
import io.osevent.bridge.NativeContext;
import java.util.function.Consumer;

/** An fd registration whose calls are counted on the loop and awaited by the test. */
final class LoopFd extends FdRegistration {
    private final Counted counted = new Counted();
    private final Consumer<LoopFd> callback;

    LoopFd(NativeContext context, int fd, int interest, Consumer<LoopFd> callback) {
        super(context, fd, interest);
        this.callback = callback;
    }

    @Override
    protected void ready(int events) {
        try {
            callback.accept(this);
        } finally {
            counted.called();
        }
    }

    @Override
    protected void free() {
        counted.freed();
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
