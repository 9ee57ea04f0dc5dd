package io.osevent.shim;

import static io.osevent.shim.Signature.Type.INT;
import static io.osevent.shim.Signature.Type.POINTER;
import static io.osevent.shim.Signature.Type.SHORT;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.osevent.bridge.Harvest;

/**
 * The seam without compiled code of our own: the C library directly mapped, function pointers called through libffi.
 *
 * <p>What it cannot do: run code in a forked child, where its fds stay open until the child executes another program.
 */
final class JnaSeam implements Seam {
    private static final Signature HANDLE = Signature.of(INT, INT, INT, POINTER);
    private static final Signature TIMEOUT = Signature.of(INT, POINTER);
    private static final Signature FREE = Signature.of(POINTER);
    private static final Signature OCCURRED_FD = Signature.of(POINTER, POINTER, INT, SHORT, SHORT);
    private static final Signature OCCURRED_TIMEOUT = Signature.of(POINTER, POINTER);

    private static final Signature CONTROL = Signature.returning(INT, INT, INT, INT, POINTER);
    private static final Signature WAIT = Signature.returning(INT, INT, POINTER, INT, INT);
    private static final Signature SET_TIME = Signature.returning(INT, INT, INT, POINTER, POINTER);
    private static final long EPOLL_CTL = Libc.address("epoll_ctl");
    private static final long EPOLL_WAIT = Libc.address("epoll_wait");
    private static final long TIMERFD_SETTIME = Libc.address("timerfd_settime");

    // struct epoll_event is packed on x86-64 only
    private static final boolean PACKED = Platform.isIntel();
    private static final int EVENT_SIZE = PACKED ? 12 : 16;
    private static final int TAG_OFFSET = PACKED ? 4 : 8;

    private JnaSeam() {}

    static Seam load() {
        if (!Platform.isLinux()) {
            throw new UnsupportedOperationException("epoll is Linux's; this is " + System.getProperty("os.name"));
        }
        if (Native.POINTER_SIZE != Long.BYTES) {
            throw new UnsupportedOperationException("a 64-bit JVM is needed");
        }
        JnaSeam seam = new JnaSeam();
        seam.loadClasses();
        return seam;
    }

    /** A class that is first needed when the process has run out of fds cannot be loaded any more. */
    private void loadClasses() {
        ArgumentBlock.ofThread();
        armTimer(-1, 0);
    }

    @Override
    public SeamKind kind() {
        return SeamKind.JNA;
    }

    @Override
    public int createSet() {
        return Libc.orErrno(Libc.epoll_create1(Libc.CLOEXEC));
    }

    // The three calls that every event needs go through libffi without JNA's dispatch, which costs 50 to 130 ns more.
    // It
    // does not keep errno, though: a call that failed is made again through JNA, and what then comes of it is the
    // result.

    @Override
    public int control(int set, int operation, int fd, int events, long tag) {
        ArgumentBlock block = ArgumentBlock.ofThread();
        long event = block.event(events, TAG_OFFSET, tag);
        block.intAt(0, set).intAt(1, operation).intAt(2, fd).pointerAt(3, event);
        return CONTROL.callInt(EPOLL_CTL, block) == 0 ? 0 : Libc.orErrno(Libc.epoll_ctl(set, operation, fd, event));
    }

    @Override
    public int await(int set, Harvest harvest, int max, int timeoutMillis) {
        ArgumentBlock block = ArgumentBlock.ofThread();
        block.intAt(0, set).pointerAt(1, harvest.address()).intAt(2, max).intAt(3, timeoutMillis);
        int found = WAIT.callInt(EPOLL_WAIT, block);
        return found >= 0 ? found : awaitAgain(set, harvest, max);
    }

    /** After an interrupted wait this finds something or nothing, without waiting any more. */
    private static int awaitAgain(int set, Harvest harvest, int max) {
        int found = Libc.orErrno(Libc.epoll_wait(set, harvest.address(), max, 0));
        return found == -Libc.EINTR ? 0 : found;
    }

    @Override
    public Harvest newHarvest(int capacity) {
        return DirectMemory.newHarvest(capacity, EVENT_SIZE, TAG_OFFSET);
    }

    @Override
    public int createTimer() {
        return Libc.orErrno(Libc.timerfd_create(Libc.CLOCK_MONOTONIC, Libc.CLOEXEC | Libc.NONBLOCK));
    }

    @Override
    public int armTimer(int timer, long delayNanos) {
        ArgumentBlock block = ArgumentBlock.ofThread();
        long spec = block.timerSpec(delayNanos);
        block.intAt(0, timer).intAt(1, 0).pointerAt(2, spec).pointerAt(3, 0);
        return SET_TIME.callInt(TIMERFD_SETTIME, block) == 0
                ? 0
                : Libc.orErrno(Libc.timerfd_settime(timer, 0, spec, 0));
    }

    @Override
    public int close(int fd) {
        int result = Libc.orErrno(Libc.close(fd));
        return result == -Libc.EINTR ? 0 : result;
    }

    @Override
    public void callHandle(long function, int watch, int fd, int events, long opaque) {
        HANDLE.call(
                function,
                ArgumentBlock.ofThread()
                        .intAt(0, watch)
                        .intAt(1, fd)
                        .intAt(2, events)
                        .pointerAt(3, opaque));
    }

    @Override
    public void callTimeout(long function, int timer, long opaque) {
        TIMEOUT.call(function, ArgumentBlock.ofThread().intAt(0, timer).pointerAt(1, opaque));
    }

    @Override
    public void callFree(long function, long opaque) {
        FREE.call(function, ArgumentBlock.ofThread().pointerAt(0, opaque));
    }

    @Override
    public void occurredFd(long function, long ctx, long forLibxl, int fd, int events, int revents) {
        OCCURRED_FD.call(
                function,
                ArgumentBlock.ofThread()
                        .pointerAt(0, ctx)
                        .pointerAt(1, forLibxl)
                        .intAt(2, fd)
                        .shortAt(3, events)
                        .shortAt(4, revents));
    }

    @Override
    public void occurredTimeout(long function, long ctx, long forLibxl) {
        OCCURRED_TIMEOUT.call(
                function, ArgumentBlock.ofThread().pointerAt(0, ctx).pointerAt(1, forLibxl));
    }

    @Override
    public long createLogger(long sink, long opaque, int minLevel) {
        return JnaLogger.create(sink, opaque, minLevel);
    }

    @Override
    public void destroyLogger(long logger) {
        JnaLogger.destroy(logger);
    }
}
