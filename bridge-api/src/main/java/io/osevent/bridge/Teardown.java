package io.osevent.bridge;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The ordered end of a native context. Each step is a task on the context's worker that is posted when what it waits for
 * has happened; none blocks the worker, and none runs inside a call into the library, so a close from inside a callback
 * only marks, and the outermost return goes on.
 *
 * <ol start="0">
 *   <li>Refuse new calls of the user; hooks go on working.
 *   <li>Abort operations, and await them and their children.
 *   <li>Disable event generators.
 *   <li>Drain the timeout list: deliver each timeout that was modified to "now", exactly once, and none early.
 *   <li>Refuse registrations, silence the context's fds, await calls in flight. Steps 3 and 4 repeat until a pass finds
 *       nothing.
 *   <li>Free the context, once; hooks stay callable until that has returned.
 *   <li>Disable what is still live; slots follow as references go.
 * </ol>
 *
 * <p>There is one bound for all of it. If it expires, the context is leaked: its registrations are disabled, it is never
 * freed (a library that asserts would take the JVM with it), and the report names who held it.
 */
public final class Teardown {
    /** The foreign library's part; every method is called on the context's worker, at most once, no lock held. */
    public interface Library {
        /**
         * Step 1: aborts what is in progress.
         *
         * @return completes when no operation and no child process of the context is left
         */
        CompletionStage<Void> abortOperations();

        /** Step 2: disables event generators, so that no new events come. */
        void disableEvents();

        /** Step 5: frees the context; it may call every hook. */
        void free();
    }

    /**
     * How it ended.
     *
     * @param freed false if the context was leaked
     * @param detail one line; for a leaked context, the step that did not end and who held it
     */
    public record Report(boolean freed, String detail) {}

    private enum State {
        RUNNING,
        FREEING,
        ENDED
    }

    private final NativeContext context;
    private final EventSet set;
    private final Executor executor;
    private final Library library;
    private final Bound bound;
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private final CompletableFuture<Report> report = new CompletableFuture<>();
    private volatile String step = "not started";

    /**
     * Prepares a teardown.
     *
     * @param context the context, whose hooks go on working until it is freed
     * @param executor the context's worker, or its loop
     * @param library the foreign library's part
     * @param boundMillis how long it may take in all, in milliseconds, 1 or more
     */
    public Teardown(NativeContext context, Executor executor, Library library, int boundMillis) {
        this.context = context;
        this.set = context.set();
        this.executor = executor;
        this.library = library;
        this.bound = new Bound(boundMillis);
    }

    /**
     * Begins; idempotent. Any thread, also from inside a callback.
     *
     * @return completes when the context is freed or leaked, never exceptionally
     */
    public CompletionStage<Report> start() {
        if (context.advance(NativeContext.Phase.CLOSING)) {
            begin();
        }
        return report.minimalCompletionStage();
    }

    private void begin() {
        try {
            set.addPeriodic(bound);
        } catch (NativeErrorException closed) {
            // Without its set the library can neither be drained nor waited for.
            leak("its event set is closed");
            return;
        }
        post(
                "abort operations",
                () -> library.abortOperations().whenComplete((nothing, failure) -> {
                    noteFailure(failure);
                    post("disable events", this::disableEvents);
                }));
    }

    private void disableEvents() {
        try {
            library.disableEvents();
        } catch (Throwable failure) {
            noteFailure(failure);
        }
        post("drain timeouts", () -> drain(false));
    }

    /** Steps 3 and 4. The first pass drains while the library may still register; the later ones when it may not. */
    private void drain(boolean refusing) {
        int delivered = 0;
        for (Registration registration : set.liveOf(context)) {
            if (registration instanceof TimeoutRegistration timeout && deliver(timeout)) {
                delivered++;
            }
        }
        if (refusing && delivered == 0 && context.holders().isEmpty()) {
            post("free", this::free);
            return;
        }
        context.advance(NativeContext.Phase.DRAINING);
        set.pause(context);
        step = "await calls in flight";
        context.idle().thenRun(() -> post("drain timeouts", () -> drain(true)));
    }

    private boolean deliver(TimeoutRegistration timeout) {
        if (!context.enterDrain(timeout)) {
            return false;
        }
        boolean claimed = set.claimForDrain(timeout);
        if (claimed) {
            try {
                timeout.expired();
            } catch (Throwable failure) {
                noteFailure(failure);
            }
            set.endDrained(timeout);
        }
        context.exit();
        return claimed;
    }

    private void free() {
        if (!state.compareAndSet(State.RUNNING, State.FREEING)) {
            return;
        }
        Throwable failure = null;
        try {
            library.free();
        } catch (Throwable thrown) {
            // Also an Error, which is what an invalid memory access becomes on its way through JNA.
            failure = thrown;
        }
        context.advance(NativeContext.Phase.FREED);
        disableRest();
        state.set(State.ENDED);
        set.remove(bound);
        report.complete(new Report(
                failure == null, failure == null ? context + " is freed" : context + ": free failed: " + failure));
    }

    /** Step 6, or all that can be done for a context that is leaked. */
    private void disableRest() {
        for (Registration registration : set.liveOf(context)) {
            set.remove(registration);
        }
    }

    private void leak(String why) {
        if (state.compareAndSet(State.RUNNING, State.ENDED)) {
            String holders = context.holders();
            context.advance(NativeContext.Phase.LEAKED);
            set.pause(context);
            disableRest();
            finishLeaked(why, holders);
        } else if (state.get() == State.FREEING) {
            finishLeaked(why, "the library's own free, which has not returned");
        }
    }

    private void finishLeaked(String why, String holders) {
        set.remove(bound);
        String held = holders.isEmpty() ? "" : "; held by " + holders;
        report.complete(
                new Report(false, context + " is leaked, not freed: " + why + " in step '" + step + "'" + held));
    }

    private void post(String name, Runnable task) {
        if (state.get() != State.RUNNING) {
            return;
        }
        step = name;
        try {
            executor.execute(() -> {
                if (state.get() == State.RUNNING) {
                    task.run();
                }
            });
        } catch (RejectedExecutionException closed) {
            leak("its worker has gone");
        }
    }

    private void noteFailure(Throwable failure) {
        if (failure != null) {
            FailureLog.log(Teardown.class, System.Logger.Level.WARNING, context + ": " + step + " failed", failure);
        }
    }

    /** The bound, as a timer of the set itself: it needs no other clock, and runs on virtual time in tests. */
    private final class Bound extends TimeoutRegistration {
        private final int millis;

        Bound(int millis) {
            super(NativeContext.permanent(set, "teardown"), millis);
            this.millis = millis;
        }

        @Override
        protected void expired() {
            leak("no end within " + millis + " ms");
        }

        @Override
        public String toString() {
            return "bound of the teardown of " + context;
        }
    }
}
