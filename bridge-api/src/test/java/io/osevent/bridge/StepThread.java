package io.osevent.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A thread that takes one access of shared memory at a time, without being a thread: its body is run again from the start
 * for each step, the accesses that it has made already answer as they did, one more is made, and the next one ends the
 * run. So production code is stepped as it is, loops of compare-and-set included.
 *
 * <p>The body must change nothing but through {@link #access} and {@link #note}.
 */
final class StepThread {
    private static final class Pause extends RuntimeException {
        private static final long serialVersionUID = 1;
        private static final Pause PAUSE = new Pause();

        private Pause() {
            super(null, null, false, false);
        }
    }

    /** The thread that is running now; accesses outside of any thread are made at once. */
    private static StepThread current;

    private final Runnable body;
    private final List<Object> made = new ArrayList<>();
    private BooleanSupplier until = () -> true;
    private int answered;
    private boolean stepped;
    private boolean inAccess;
    private boolean done;

    StepThread(Runnable body) {
        this.body = body;
    }

    /** One access of shared memory: one step. */
    static <T> T access(Supplier<T> memory) {
        return awaitAccess(() -> true, memory);
    }

    /** An access that is not made before something holds; stands for a loop that spins until then. */
    static <T> T awaitAccess(BooleanSupplier condition, Supplier<T> memory) {
        StepThread thread = current;
        if (thread == null || thread.inAccess) {
            return memory.get();
        }
        return thread.take(condition, memory);
    }

    /**
     * A compare-and-set at the end of a loop that reads, computes and tries again if it fails: the thread is then back
     * where it was before its read. A loop that kept more than that from one round to the next must use {@link #access}.
     */
    static boolean compareAndSet(BooleanSupplier memory) {
        boolean done = access(memory::getAsBoolean);
        StepThread thread = current;
        if (!done && thread != null && !thread.inAccess) {
            thread.made.remove(thread.made.size() - 1);
            thread.made.remove(thread.made.size() - 1);
            throw Pause.PAUSE;
        }
        return done;
    }

    /** What the test notes down; part of the step before. */
    static void note(Runnable fact) {
        StepThread thread = current;
        if (thread == null || thread.inAccess) {
            fact.run();
        } else if (thread.answered < thread.made.size()) {
            thread.answered++;
        } else {
            thread.make(() -> {
                fact.run();
                return "";
            });
        }
    }

    @SuppressWarnings("unchecked")
    private <T> T take(BooleanSupplier condition, Supplier<T> memory) {
        if (answered < made.size()) {
            return (T) made.get(answered++);
        }
        if (stepped || !condition.getAsBoolean()) {
            until = condition;
            throw Pause.PAUSE;
        }
        stepped = true;
        return make(memory);
    }

    private <T> T make(Supplier<T> memory) {
        inAccess = true;
        T value = memory.get();
        inAccess = false;
        made.add(value);
        answered++;
        return value;
    }

    /** True if the next access can be made now. */
    boolean canStep() {
        return !done && until.getAsBoolean();
    }

    void step() {
        answered = 0;
        stepped = false;
        current = this;
        try {
            body.run();
            done = true;
        } catch (Pause pause) {
            // The next access is another step.
        } finally {
            current = null;
        }
    }

    boolean isDone() {
        return done;
    }

    /** What it has read so far, which decides what it does next. */
    String state() {
        return done ? "done" : made.toString();
    }
}
