package io.osevent.libxl;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.osevent.shim.Seam;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * The way into libxl for one context. Three things would end or corrupt the process, so each is looked for where the call
 * is made, counted and refused: a call from inside a hook (libxl's assertion), a call after {@code libxl_ctx_free}, and a
 * second {@code occurred_timeout} for one registration (it would expire an unrelated timeout).
 */
final class CallIns {
    /** In place of the deadline of a timeout that libxl has modified to "now". */
    static final long SAID_NOW = -1;

    private static final long MICROS = 1_000_000;
    private static final int NO_FDS = 0;
    private static final long NULL = 0;

    private static final ThreadLocal<int[]> HOOKS = ThreadLocal.withInitial(() -> new int[1]);

    /** {@code libxl_osevent_afterpoll} without descriptors. */
    interface TimePasses {
        void until(long ctx, long seconds, long micros);
    }

    private final Seam seam;
    private final HookObserver observer;
    private final String name;
    private final long occurredFd;
    private final long occurredTimeout;
    private final TimePasses time;

    private long ctx;
    private volatile boolean freed;

    CallIns(Seam seam, HookObserver observer, String name, long occurredFd, long occurredTimeout, TimePasses time) {
        this.seam = seam;
        this.observer = observer;
        this.name = name;
        this.occurredFd = occurredFd;
        this.occurredTimeout = occurredTimeout;
        this.time = time;
    }

    static CallIns of(Seam seam, NativeLibrary library, HookObserver observer, String name) {
        return new CallIns(
                seam,
                observer,
                name,
                address(library, "libxl_osevent_occurred_fd"),
                address(library, "libxl_osevent_occurred_timeout"),
                (ctx, seconds, micros) -> LibxlFunctions.libxl_osevent_afterpoll(ctx, NO_FDS, NULL, seconds, micros));
    }

    private static long address(NativeLibrary library, String function) {
        return Pointer.nativeValue(library.getFunction(function));
    }

    /** Before the first hook. */
    void allocated(long context) {
        ctx = context;
    }

    void freed() {
        freed = true;
    }

    /** The thread is inside a hook, or inside {@code disaster}, from now on. */
    static void enterHook() {
        HOOKS.get()[0]++;
    }

    static void exitHook() {
        HOOKS.get()[0]--;
    }

    /** {@code libxl_osevent_occurred_fd}. A late one is harmless, and libxl takes revents for a hint (libxl_event.h). */
    void occurredFd(long token, long forLibxl, int fd, int events, int revents) {
        check("libxl_osevent_occurred_fd");
        LibxlCounters.OCCURRED_FD.increment();
        observer.occurredFd(token, revents);
        seam.occurredFd(occurredFd, ctx, forLibxl, fd, events, revents);
    }

    /**
     * {@code libxl_osevent_occurred_timeout}: exactly once for each registration. The header says that it deregisters
     * implicitly; libxl_event.c re-uses the memory behind forLibxl, so a second one hits a stranger.
     *
     * <p>It has a fault, in every release to date: it leaves a timeout that has really expired on its operation's list of
     * what can be aborted, and libxl_ao_abort then runs into an assertion, or round a list that has become a ring. So
     * libxl is told of the time first, by libxl_osevent_afterpoll without any descriptor, which takes the timeout off
     * that list; what is left for occurred_timeout is to give up the memory. The two styles may be mixed (libxl_event.h).
     * The time that it is told is the deadline: no other timeout is then early.
     */
    void occurredTimeout(long token, long forLibxl, long deadlineMicros, AtomicBoolean delivered) {
        check("libxl_osevent_occurred_timeout");
        if (!delivered.compareAndSet(false, true)) {
            throw breach(LibxlCounters.TIMEOUT_TWICE, "a timeout was about to be delivered twice");
        }
        LibxlCounters.OCCURRED_TIMEOUT.increment();
        observer.occurredTimeout(token);
        if (deadlineMicros != SAID_NOW) {
            time.until(ctx, deadlineMicros / MICROS, deadlineMicros % MICROS);
        }
        seam.occurredTimeout(occurredTimeout, ctx, forLibxl);
    }

    /** To be asked before every call of libxl; the context's address if the call may be made. */
    long check(String function) {
        if (HOOKS.get()[0] > 0) {
            throw breach(LibxlCounters.INSIDE_HOOK, function + " was about to be called from inside a hook");
        }
        if (freed) {
            throw breach(LibxlCounters.AFTER_FREE, function + " was about to be called after libxl_ctx_free");
        }
        return ctx;
    }

    private IllegalStateException breach(LongAdder counter, String what) {
        counter.increment();
        return new IllegalStateException(name + ": " + what);
    }
}
