package io.osevent.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A foreign library with one context, for teardowns. It aborts on what a real one aborts on, or would crash by: a call
 * into a context that is freed, a second free, a free with a call inside.
 */
final class SimLibrary implements Teardown.Library {
    final NativeContext context;
    final List<String> log = new ArrayList<>();
    private final List<Registration> registrations = new ArrayList<>();
    private Runnable inFree = () -> {};
    private Consumer<String> duringCalls = name -> {};
    private int inside;
    private boolean freed;

    SimLibrary(NativeContext context) {
        this.context = context;
    }

    /** What happens in the middle of each call-in, on other threads. */
    void duringCalls(Consumer<String> others) {
        duringCalls = others;
    }

    /** What the library's own free does before it returns, such as to deregister. */
    void whenFreeing(Runnable hooks) {
        inFree = hooks;
    }

    RecordedFd fd(String name, int fd, int interest) {
        RecordedFd registration = new RecordedFd(context, name, fd, interest) {
            @Override
            protected void ready(int bits) {
                callIn(name, () -> super.ready(bits));
            }
        };
        context.set().add(registration);
        registrations.add(registration);
        return registration;
    }

    RecordedTimeout oneShot(String name, long wallClockMicros) {
        RecordedTimeout timeout = new RecordedTimeout(context, name) {
            @Override
            protected void expired() {
                callIn(name, super::expired);
            }
        };
        context.set().addOneShot(timeout, wallClockMicros);
        registrations.add(timeout);
        return timeout;
    }

    /** Begins a call-in; for tests that take claim, call and release by themselves. */
    void begin(String name) {
        if (freed) {
            throw new AssertionError(name + ": a call into a context that is freed");
        }
        inside++;
        log.add(name);
    }

    void end() {
        if (freed) {
            throw new AssertionError("the context was freed under a call");
        }
        inside--;
    }

    private void callIn(String name, Runnable callback) {
        begin(name);
        duringCalls.accept(name);
        callback.run();
        end();
    }

    @Override
    public CompletionStage<Void> abortOperations() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void disableEvents() {}

    @Override
    public void free() {
        if (freed) {
            throw new AssertionError("freed twice");
        }
        if (inside > 0) {
            throw new AssertionError("the context is freed under a call");
        }
        inFree.run();
        freed = true;
        log.add("free");
    }

    int inside() {
        return inside;
    }

    boolean isFreed() {
        return freed;
    }

    List<Registration> registrations() {
        return registrations;
    }
}
