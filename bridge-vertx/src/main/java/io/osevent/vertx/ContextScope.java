package io.osevent.vertx;

import io.osevent.bridge.CallScope;
import io.osevent.bridge.Registration;
import io.vertx.core.internal.ContextInternal;

/**
 * Dispatches callbacks in a Vert.x context: {@code Vertx.currentContext()} is that context, the blocked-thread
 * checker sees how long the callback takes, and what it throws goes to the context's exception handler.
 */
final class ContextScope implements CallScope {
    private final ContextInternal context;

    ContextScope(ContextInternal context) {
        this.context = context;
    }

    @Override
    public Object enter() {
        return context.beginDispatch();
    }

    @Override
    public void exit(Object entered) {
        context.endDispatch((ContextInternal) entered);
    }

    @Override
    public void failed(Registration registration, Throwable failure) {
        context.reportException(failure);
    }
}
