package io.osevent.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/**
 * What registrations belong to, and what is freed after them: libxl's {@code libxl_ctx}, or the whole library in the case
 * of libvirt, whose hooks are permanent. It knows every call that is inside the foreign library on its behalf, with its
 * name, so that it is never freed under one and a teardown that has to wait can say for whom.
 *
 * <p>All methods may be called from any thread, also from inside a callback. A permanent context counts nothing.
 */
public final class NativeContext {
    /** How far the life of a context has gone. */
    public enum Phase {
        /** In use. */
        OPEN,
        /** Closing: new calls of the user are refused, hooks and call-ins go on. */
        CLOSING,
        /** Draining: registrations and call-ins are refused, but for the drain's own. */
        DRAINING,
        /** Freed. */
        FREED,
        /** Could not be freed in time, and never will be. */
        LEAKED
    }

    private record Call(Thread thread, Object what) {}

    private final EventSet set;
    private final String name;
    private final Executor worker;
    private final CallScope workerScope;
    private final boolean permanent;

    private final List<Call> calls = new ArrayList<>();
    private CompletableFuture<Void> idle;
    private volatile Phase phase = Phase.OPEN;
    private volatile boolean paused;

    private NativeContext(EventSet set, String name, Executor worker, CallScope workerScope, boolean permanent) {
        this.set = set;
        this.name = name;
        this.worker = worker;
        this.workerScope = workerScope;
        this.permanent = permanent;
    }

    /**
     * A context that lives as long as the process, whose callbacks are made on the loop.
     *
     * @param set the set that its registrations go to
     * @param name for messages
     * @return the context
     */
    public static NativeContext permanent(EventSet set, String name) {
        return new NativeContext(set, name, null, CallScope.PLAIN, true);
    }

    /**
     * A context whose callbacks are made on the loop and that can be torn down.
     *
     * @param set the set that its registrations go to
     * @param name for messages
     * @return the context
     */
    public static NativeContext onLoop(EventSet set, String name) {
        return new NativeContext(set, name, null, CallScope.PLAIN, false);
    }

    /**
     * A context whose callbacks are made one at a time on a worker, because the foreign library may block in them.
     *
     * @param set the set that its registrations go to
     * @param name for messages
     * @param worker runs tasks one at a time in the order of their arrival; may reject
     * @param scope what to put around each callback
     * @return the context
     */
    public static NativeContext onWorker(EventSet set, String name, Executor worker, CallScope scope) {
        return new NativeContext(set, name, worker, scope, false);
    }

    /**
     * The set that its registrations go to.
     *
     * @return the set
     */
    public EventSet set() {
        return set;
    }

    /**
     * How far its life has gone.
     *
     * @return the phase of this moment
     */
    public Phase phase() {
        return phase;
    }

    /**
     * Begins a call of the user into the foreign library; to be ended by {@link #exit} on the same thread.
     *
     * @param what names the call for messages
     * @return false if the context is closing, so that the call must not be made
     */
    public boolean enter(Object what) {
        return permanent || enterIf(what, Phase.OPEN);
    }

    /** Begins a call that the library asked for; refused once the context is draining. */
    boolean enterCallIn(Object what) {
        return permanent || enterIf(what, Phase.CLOSING);
    }

    /** Begins a call of the drain itself. */
    boolean enterDrain(Object what) {
        return enterIf(what, Phase.DRAINING);
    }

    private synchronized boolean enterIf(Object what, Phase last) {
        if (phase.compareTo(last) > 0) {
            return false;
        }
        calls.add(new Call(Thread.currentThread(), what));
        return true;
    }

    /** Ends the latest call that this thread began. */
    public void exit() {
        if (permanent) {
            return;
        }
        CompletableFuture<Void> waiting = null;
        synchronized (this) {
            Thread thread = Thread.currentThread();
            int last = calls.size() - 1;
            while (calls.get(last).thread() != thread) {
                last--;
            }
            calls.remove(last);
            if (calls.isEmpty()) {
                waiting = idle;
                idle = null;
            }
        }
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    /**
     * Completes when no call is inside the foreign library; at once if none is.
     *
     * @return completed by the thread that leaves last
     */
    CompletionStage<Void> idle() {
        synchronized (this) {
            if (!calls.isEmpty()) {
                if (idle == null) {
                    idle = new CompletableFuture<>();
                }
                return idle.minimalCompletionStage();
            }
        }
        return CompletableFuture.completedStage(null);
    }

    /** True if the calling thread is inside the foreign library for this context. */
    synchronized boolean isInside(Object what) {
        Thread thread = Thread.currentThread();
        return calls.stream().anyMatch(c -> c.thread() == thread && (what == null || c.what() == what));
    }

    /** The calls that are inside the foreign library, for messages; empty if there are none. */
    synchronized String holders() {
        return calls.stream()
                .map(c -> c.what() + " on thread " + c.thread().getName())
                .collect(Collectors.joining(", "));
    }

    /** Moves on; false if the context is already there or further. */
    synchronized boolean advance(Phase next) {
        if (phase.compareTo(next) >= 0) {
            return false;
        }
        phase = next;
        return true;
    }

    /** Under the set's lock: new registrations are refused from DRAINING on. */
    boolean refusesRegistrations() {
        return phase.compareTo(Phase.DRAINING) >= 0;
    }

    /** True if none of its fds is to be watched now. */
    boolean isPaused() {
        return paused;
    }

    void paused(boolean value) {
        paused = value;
    }

    /** Where its callbacks are made; null for the loop. */
    Executor worker() {
        return worker;
    }

    CallScope workerScope() {
        return workerScope;
    }

    @Override
    public String toString() {
        return name;
    }
}
