package io.osevent.shim;

import com.sun.jna.Platform;
import io.osevent.bridge.Harvest;

/** The seam whose native half is the C shim. */
final class ShimSeam implements Seam {
    private final int eventSize = ShimNatives.eventSize();
    private final int tagOffset = ShimNatives.tagOffset();

    private ShimSeam() {}

    static Seam load() {
        if (!Platform.isLinux()) {
            throw new UnsupportedOperationException("epoll is Linux's; this is " + System.getProperty("os.name"));
        }
        ShimLibrary.load();
        return new ShimSeam();
    }

    @Override
    public SeamKind kind() {
        return SeamKind.SHIM;
    }

    @Override
    public int createSet() {
        return ShimNatives.createSet();
    }

    @Override
    public int control(int set, int operation, int fd, int events, long tag) {
        return ShimNatives.control(set, operation, fd, events, tag);
    }

    @Override
    public int await(int set, Harvest harvest, int max, int timeoutMillis) {
        return ShimNatives.await(set, harvest.address(), max, timeoutMillis);
    }

    @Override
    public Harvest newHarvest(int capacity) {
        return DirectMemory.newHarvest(capacity, eventSize, tagOffset);
    }

    @Override
    public int createTimer() {
        return ShimNatives.createTimer();
    }

    @Override
    public int armTimer(int timer, long delayNanos) {
        return ShimNatives.armTimer(timer, delayNanos);
    }

    @Override
    public int close(int fd) {
        return ShimNatives.close(fd);
    }

    @Override
    public void callHandle(long function, int watch, int fd, int events, long opaque) {
        ShimNatives.callHandle(function, watch, fd, events, opaque);
    }

    @Override
    public void callTimeout(long function, int timer, long opaque) {
        ShimNatives.callTimeout(function, timer, opaque);
    }

    @Override
    public void callFree(long function, long opaque) {
        ShimNatives.callFree(function, opaque);
    }

    @Override
    public void occurredFd(long function, long ctx, long forLibxl, int fd, int events, int revents) {
        ShimNatives.occurredFd(function, ctx, forLibxl, fd, events, revents);
    }

    @Override
    public void occurredTimeout(long function, long ctx, long forLibxl) {
        ShimNatives.occurredTimeout(function, ctx, forLibxl);
    }

    @Override
    public long createLogger(long sink, long opaque, int minLevel) {
        return ShimNatives.createLogger(sink, opaque, minLevel);
    }

    @Override
    public void destroyLogger(long logger) {
        ShimNatives.destroyLogger(logger);
    }
}
