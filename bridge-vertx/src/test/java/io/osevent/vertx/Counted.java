package io.osevent.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;

/** Counts calls and frees, and lets a test wait for them. */
final class Counted {
    private static final long BOUND = TimeUnit.SECONDS.toNanos(20);

    private int calls;
    private int frees;
    private long lastCall;

    synchronized void called() {
        assertEquals(0, frees, "called after its ff");
        calls++;
        lastCall = System.nanoTime();
        notifyAll();
    }

    synchronized void freed() {
        frees++;
        assertEquals(1, frees, "ff ran twice");
        notifyAll();
    }

    synchronized int calls() {
        return calls;
    }

    synchronized long lastCall() {
        return lastCall;
    }

    synchronized void awaitCalls(int count, Object who) throws InterruptedException {
        long end = System.nanoTime() + BOUND;
        while (calls < count) {
            waitUntil(end, "call " + count + " of " + who);
        }
    }

    synchronized void awaitFree(Object who) throws InterruptedException {
        long end = System.nanoTime() + BOUND;
        while (frees == 0) {
            waitUntil(end, "ff of " + who);
        }
    }

    private void waitUntil(long end, String what) throws InterruptedException {
        long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (millis <= 0) {
            throw new AssertionError(what + " did not come");
        }
        wait(millis);
    }
}
