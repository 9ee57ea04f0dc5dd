package io.osevent.it.faults;

import io.osevent.bridge.Harvest;
import io.osevent.shim.Seam;
import io.osevent.shim.SeamKind;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A real seam over which a test can let the kernel fail, dawdle, and set its wall clock. Without a plan it only passes
 * calls on. All methods may be called from any thread.
 */
final class FaultySeam implements Seam {
    /** A system call that can be made to fail. */
    enum Call {
        CREATE_SET,
        CREATE_TIMER,
        ADD,
        MODIFY,
        /** A wait that does not sleep: a turn's harvest. */
        HARVEST
    }

    /** Fails {@code times} calls, after letting {@code skip} calls of the kind pass. */
    private static final class Plan {
        private final Call call;
        private final int errno;
        private int skip;
        private int times;

        Plan(Call call, int errno, int skip, int times) {
            this.call = call;
            this.errno = errno;
            this.skip = skip;
            this.times = times;
        }
    }

    private final Seam real;
    private final AtomicLong injected = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong loggers = new AtomicLong();
    private volatile Plan plan;
    private volatile long wallOffsetMicros;
    private volatile long delayNanos;

    FaultySeam(Seam real) {
        this.real = real;
    }

    /** The next calls of a kind fail; replaces a former plan. */
    void fail(Call call, int errno, int times) {
        failAfter(0, call, errno, times);
    }

    void failAfter(int skip, Call call, int errno, int times) {
        plan = new Plan(call, errno, skip, times);
    }

    /** No call fails or dawdles any more; the wall clock stays as it was set. */
    void heal() {
        plan = null;
        delayNanos = 0;
    }

    /** Sets the wall clock forwards, or, if negative, backwards. */
    void jump(long amount, TimeUnit unit) {
        wallOffsetMicros += unit.toMicros(amount);
    }

    /** Lets every system call on sets and timers take longer. */
    void delay(long amount, TimeUnit unit) {
        delayNanos = unit.toNanos(amount);
    }

    /** How many calls were made to fail. */
    long injected() {
        return injected.get();
    }

    /** How many system calls of sets and timers there were. */
    long calls() {
        return calls.get();
    }

    /** Loggers that were made and not destroyed. */
    long loggersOpen() {
        return loggers.get();
    }

    /** 0, or the error that the plan has for this call. */
    private int errorOf(Call call) {
        calls.incrementAndGet();
        if (delayNanos > 0) {
            LockSupport.parkNanos(delayNanos);
        }
        Plan now = plan;
        if (now == null || now.call != call) {
            return 0;
        }
        synchronized (now) {
            if (now.skip > 0) {
                now.skip--;
                return 0;
            }
            if (now.times <= 0) {
                return 0;
            }
            now.times--;
        }
        injected.incrementAndGet();
        return -now.errno;
    }

    @Override
    public int createSet() {
        int error = errorOf(Call.CREATE_SET);
        return error != 0 ? error : real.createSet();
    }

    @Override
    public int createTimer() {
        int error = errorOf(Call.CREATE_TIMER);
        return error != 0 ? error : real.createTimer();
    }

    @Override
    public int control(int set, int operation, int fd, int events, long tag) {
        int error = switch (operation) {
            case CTL_ADD -> errorOf(Call.ADD);
            case CTL_MOD -> errorOf(Call.MODIFY);
            default -> 0;
        };
        return error != 0 ? error : real.control(set, operation, fd, events, tag);
    }

    @Override
    public int await(int set, Harvest harvest, int max, int timeoutMillis) {
        int error = timeoutMillis == 0 ? errorOf(Call.HARVEST) : 0;
        return error != 0 ? error : real.await(set, harvest, max, timeoutMillis);
    }

    @Override
    public Harvest newHarvest(int capacity) {
        return real.newHarvest(capacity);
    }

    @Override
    public int armTimer(int timer, long delay) {
        calls.incrementAndGet();
        return real.armTimer(timer, delay);
    }

    @Override
    public int close(int fd) {
        return real.close(fd);
    }

    @Override
    public long nanoTime() {
        return real.nanoTime();
    }

    @Override
    public long wallClockMicros() {
        return real.wallClockMicros() + wallOffsetMicros;
    }

    @Override
    public SeamKind kind() {
        return real.kind();
    }

    @Override
    public void callHandle(long function, int watch, int fd, int events, long opaque) {
        real.callHandle(function, watch, fd, events, opaque);
    }

    @Override
    public void callTimeout(long function, int timer, long opaque) {
        real.callTimeout(function, timer, opaque);
    }

    @Override
    public void callFree(long function, long opaque) {
        real.callFree(function, opaque);
    }

    @Override
    public void occurredFd(long function, long ctx, long forLibxl, int fd, int events, int revents) {
        real.occurredFd(function, ctx, forLibxl, fd, events, revents);
    }

    @Override
    public void occurredTimeout(long function, long ctx, long forLibxl) {
        real.occurredTimeout(function, ctx, forLibxl);
    }

    @Override
    public long createLogger(long sink, long opaque, int minLevel) {
        long logger = real.createLogger(sink, opaque, minLevel);
        if (logger != 0) {
            loggers.incrementAndGet();
        }
        return logger;
    }

    @Override
    public void destroyLogger(long logger) {
        loggers.decrementAndGet();
        real.destroyLogger(logger);
    }
}
