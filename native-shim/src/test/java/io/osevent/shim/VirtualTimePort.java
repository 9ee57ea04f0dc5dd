package io.osevent.shim;

import io.osevent.bridge.Harvest;
import io.osevent.bridge.NativePort;
import java.util.concurrent.TimeUnit;

/** A real kernel under a clock that only the test moves. Timers are never armed: the test runs the turns itself. */
public class VirtualTimePort implements NativePort {
    private final NativePort kernel;
    private volatile long nanos = 1_000_000_000L;

    /** Puts the clock over a port. */
    public VirtualTimePort(NativePort kernel) {
        this.kernel = kernel;
    }

    /** Lets time pass. */
    public void advanceMillis(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public int armTimer(int timer, long delayNanos) {
        return 0;
    }

    @Override
    public int createSet() {
        return kernel.createSet();
    }

    @Override
    public int control(int set, int operation, int fd, int events, long tag) {
        return kernel.control(set, operation, fd, events, tag);
    }

    @Override
    public int await(int set, Harvest harvest, int max, int timeoutMillis) {
        return kernel.await(set, harvest, max, timeoutMillis);
    }

    @Override
    public Harvest newHarvest(int capacity) {
        return kernel.newHarvest(capacity);
    }

    @Override
    public int createTimer() {
        return kernel.createTimer();
    }

    @Override
    public int close(int fd) {
        return kernel.close(fd);
    }
}
