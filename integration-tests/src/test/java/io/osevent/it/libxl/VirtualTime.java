package io.osevent.it.libxl;

import io.osevent.shim.Seam;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;

/**
 * A seam whose monotonic clock can be moved on. libxl takes its host's word for the time, so a timeout of ten seconds
 * takes none; the wall clock, from which libxl computes its deadlines, stays. For one event set.
 */
final class VirtualTime {
    private static final long DISARMED = 0;

    private final Seam real;
    private final Seam seam;
    private long skipped;
    private int timer;
    private long deadline = DISARMED;

    VirtualTime(Seam real) {
        this.real = real;
        this.seam =
                (Seam) Proxy.newProxyInstance(Seam.class.getClassLoader(), new Class<?>[] {Seam.class}, this::invoke);
    }

    private Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "nanoTime" -> now();
            case "armTimer" -> arm((Integer) arguments[0], (Long) arguments[1]);
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> {
                try {
                    yield method.invoke(real, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            }
        };
    }

    private synchronized long now() {
        return real.nanoTime() + skipped;
    }

    private synchronized int arm(int fd, long delay) {
        timer = fd;
        deadline = delay == 0 ? DISARMED : now() + delay;
        return real.armTimer(fd, delay);
    }

    Seam seam() {
        return seam;
    }

    /** What was due within this time is due now. */
    synchronized void skip(Duration time) {
        skipped += time.toNanos();
        if (deadline != DISARMED) {
            real.armTimer(timer, Math.max(1, deadline - now()));
        }
    }
}
