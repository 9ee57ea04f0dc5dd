package io.osevent.vertx;

import io.osevent.bridge.NativeContext;
import io.osevent.bridge.TimeoutRegistration;

/** A periodic timer whose calls are counted on the loop and awaited by the test. */
final class LoopTimeout extends TimeoutRegistration {
    private final Counted counted = new Counted();

    LoopTimeout(NativeContext context, int millis) {
        super(context, millis);
    }

    @Override
    protected void expired() {
        counted.called();
    }

    @Override
    protected void free() {
        counted.freed();
    }

    long lastCall() {
        return counted.lastCall();
    }

    void awaitCalls(int count) throws InterruptedException {
        counted.awaitCalls(count, this);
    }

    void awaitFree() throws InterruptedException {
        counted.awaitFree(this);
    }

    @Override
    public String toString() {
        return "test timer";
    }
}
