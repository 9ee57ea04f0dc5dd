package io.osevent.bridge;

/** Hands everything to another port; a weakened variant overrides one call. */
class ForwardingPort implements NativePort {
    protected final NativePort port;

    ForwardingPort(NativePort port) {
        this.port = port;
    }

    @Override
    public int createSet() {
        return port.createSet();
    }

    @Override
    public int control(int set, int operation, int fd, int events, long tag) {
        return port.control(set, operation, fd, events, tag);
    }

    @Override
    public int await(int set, Harvest harvest, int max, int timeoutMillis) {
        return port.await(set, harvest, max, timeoutMillis);
    }

    @Override
    public Harvest newHarvest(int capacity) {
        return port.newHarvest(capacity);
    }

    @Override
    public int createTimer() {
        return port.createTimer();
    }

    @Override
    public int armTimer(int timer, long delayNanos) {
        return port.armTimer(timer, delayNanos);
    }

    @Override
    public int close(int fd) {
        return port.close(fd);
    }

    @Override
    public long nanoTime() {
        return port.nanoTime();
    }

    @Override
    public long wallClockMicros() {
        return port.wallClockMicros();
    }
}
