package io.osevent.bridge;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** An ordered worker whose tasks a test runs one by one. */
public final class SteppedWorker implements Executor {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean closed;
    private boolean fails;
    private boolean keeps;
    private int run;

    @Override
    public void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("the worker is closed");
        }
        if (!fails || keeps) {
            tasks.add(task);
        }
        if (fails) {
            throw new InternalError("unable to create native thread");
        }
    }

    /** From now on, until it is told otherwise, it has no thread; what it is given it keeps for later, or not. */
    public void fails(boolean value, boolean keepsTasks) {
        fails = value;
        keeps = keepsTasks;
    }

    /** From now on every task is refused. */
    public void close() {
        closed = true;
    }

    public int waiting() {
        return tasks.size();
    }

    /** How many tasks have run, and what kinds wait; for the hash of a state. */
    String state() {
        StringBuilder text = new StringBuilder().append(run);
        tasks.forEach(task -> text.append(' ').append(task.getClass().getName()));
        return text.toString();
    }

    /** Runs the task that has waited longest; false if none waits. */
    public boolean step() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        run++;
        task.run();
        return true;
    }

    /** Runs all tasks, also those that they post; fails if there are more than that. */
    public void settle(int most) {
        for (int i = 0; i < most; i++) {
            if (!step()) {
                return;
            }
        }
        if (!tasks.isEmpty()) {
            throw new AssertionError("the worker still has tasks after " + most);
        }
    }
}
