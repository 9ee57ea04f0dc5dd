package io.osevent.bridge;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A simulated kernel for several threads: calls are made one at a time, and a wait really sleeps until something is
 * ready. It counts the sleepers, so that a test acts when the loop is asleep, and the waits that woke up.
 */
final class WaitingPort extends ForwardingPort {
    private int asleep;
    private int wakeUps;

    WaitingPort(SimKernel kernel) {
        super(kernel);
    }

    @Override
    public synchronized int control(int set, int operation, int fd, int events, long tag) {
        int result = super.control(set, operation, fd, events, tag);
        notifyAll();
        return result;
    }

    @Override
    public synchronized int armTimer(int timer, long delayNanos) {
        int result = super.armTimer(timer, delayNanos);
        notifyAll();
        return result;
    }

    /** Changes the world outside the set, such as the readiness of a file, or time. */
    synchronized void change(Runnable event) {
        event.run();
        notifyAll();
    }

    @Override
    public synchronized int await(int set, Harvest harvest, int max, int timeoutMillis) {
        int count = super.await(set, harvest, max, 0);
        if (timeoutMillis == 0) {
            return count;
        }
        asleep++;
        notifyAll();
        while (count == 0) {
            pause();
            count = super.await(set, harvest, max, 0);
        }
        asleep--;
        wakeUps++;
        return count;
    }

    /** Waits until the loop sleeps with nothing to wake it; returns how often it has woken so far. */
    synchronized int awaitAsleep(int frontSet) {
        Harvest nobody = newHarvest(1);
        awaitTrue(() -> asleep > 0 && super.await(frontSet, nobody, 1, 0) == 0, "a loop that sleeps");
        return wakeUps;
    }

    private void pause() {
        try {
            wait(Gates.BOUND_MILLIS);
        } catch (InterruptedException interrupted) {
            throw new AssertionError("interrupted", interrupted);
        }
    }

    @Override
    public synchronized long nanoTime() {
        return super.nanoTime();
    }

    @Override
    public synchronized int createSet() {
        return super.createSet();
    }

    @Override
    public synchronized int close(int fd) {
        return super.close(fd);
    }

    /** Waits for a condition that the loop makes true. */
    synchronized void awaitTrue(BooleanSupplier condition, String name) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Gates.BOUND_MILLIS);
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("waited in vain for: " + name);
            }
            try {
                wait(Math.min(left, 10));
            } catch (InterruptedException interrupted) {
                throw new AssertionError("interrupted", interrupted);
            }
        }
    }
}
