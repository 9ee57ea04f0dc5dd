package io.osevent.bridge.sim;

import io.osevent.bridge.Errno;
import io.osevent.bridge.Harvest;
import io.osevent.bridge.NativePort;
import io.osevent.bridge.SimKernel;
import io.osevent.bridge.SimKernel.CallName;
import java.util.HashMap;
import java.util.Map;

/** The kernel with a point before each call, so that anybody may go first, and with what the controls weaken. */
final class SimPort implements NativePort {
    private final World world;
    private final SimKernel kernel;
    private final Weakening weakening;
    private final Map<Integer, Long> tagOfFd = new HashMap<>();
    private final Map<Long, Integer> fdOfTag = new HashMap<>();

    SimPort(World world, Weakening weakening) {
        this.world = world;
        this.kernel = world.kernel;
        this.weakening = weakening;
    }

    @Override
    public int createSet() {
        Interleave.point();
        return kernel.createSet();
    }

    @Override
    public int control(int set, int operation, int fd, int events, long tag) {
        Interleave.point();
        if (operation == CTL_DEL && weakening == Weakening.NO_DEL) {
            return 0;
        }
        boolean injected = operation == CTL_ADD && kernel.willFail(CallName.ADD)
                || operation == CTL_MOD && kernel.willFail(CallName.MOD);
        int result = kernel.control(set, operation, fd, events, tag);
        if (world.scheduler.tracing()) {
            world.scheduler.log("epoll_ctl " + " ADD DEL MOD".split(" ")[operation] + " fd " + fd + " events "
                    + Integer.toHexString(events) + " tag " + (int) tag + "." + (tag >>> 32) + " = " + result);
        }
        if (injected) {
            world.systemCallFailed(fd);
        }
        if (weakening == Weakening.FD_AS_TAG && operation != CTL_DEL && result == 0) {
            tagOfFd.put(fd, tag);
            fdOfTag.put(tag, fd);
        }
        if (operation != CTL_DEL) {
            world.controlled(fd, result == -Errno.EPERM, result == 0 || result == -Errno.EPERM);
        }
        return result;
    }

    @Override
    public int await(int set, Harvest harvest, int max, int timeoutMillis) {
        Interleave.point();
        int count = kernel.await(set, harvest, max, timeoutMillis);
        if (weakening == Weakening.FD_AS_TAG) {
            for (int i = 0; i < count; i++) {
                Integer fd = fdOfTag.get(harvest.tag(i));
                if (fd != null) {
                    harvest.put(i, harvest.events(i), tagOfFd.get(fd));
                }
            }
        }
        if (count > 0) {
            world.scheduler.log("harvest of " + count);
        }
        return count;
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
    public int armTimer(int timer, long delayNanos) {
        Interleave.point();
        if (weakening == Weakening.NO_WAKE && world.turnOf == null) {
            return 0;
        }
        if (world.scheduler.tracing()) {
            world.scheduler.log("timerfd_settime " + delayNanos);
        }
        return kernel.armTimer(timer, delayNanos);
    }

    @Override
    public int close(int fd) {
        Interleave.point();
        return kernel.close(fd);
    }

    @Override
    public long nanoTime() {
        Interleave.point();
        return kernel.nanoTime();
    }

    @Override
    public long wallClockMicros() {
        Interleave.point();
        return kernel.wallClockMicros();
    }
}
