package io.osevent.libxl;

import com.sun.jna.Pointer;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.NativeErrorException;
import io.osevent.shim.internal.Shutdown;
import java.util.concurrent.TimeUnit;

/**
 * The six hooks of {@code libxl_osevent_hooks} for one context. libxl calls them from inside any of its functions, on any
 * thread, with the context's lock held; nothing here waits for the loop, calls libxl, or takes a lock that is held around
 * a call of libxl: the event set's own lock never is (libxl_event.h, "Lock hierarchy", case (a)).
 *
 * <p>What libxl keeps in {@code for_app_registration} is a token, not a pointer, so a late or wrong one is recognised.
 * Nothing is thrown: to C, an exception would be a 0, and 0 is success.
 */
final class OseventHooks {
    private static final System.Logger LOG = System.getLogger(OseventHooks.class.getName());

    private static final int OK = 0;

    private final NativeContext context;
    private final EventSet set;
    private final CallIns callIns;
    private final HookObserver observer;

    OseventHooks(NativeContext context, CallIns callIns, HookObserver observer) {
        this.context = context;
        this.set = context.set();
        this.callIns = callIns;
        this.observer = observer;
    }

    /**
     * One descriptor may be registered several times, each time with a bit of its own; we report all of them
     * (libxl_event.h). Events may be 0, which is silent. A failed register leaves nothing and its out value is ignored.
     * A positive result travels up to libxl's caller as it is: the error number says more than REG_FAIL.
     */
    int fdRegister(int fd, long out, int events, long forLibxl) {
        try {
            if (Shutdown.hasBegun()) {
                return refused("fd_register(" + fd + ")", "the JVM is shutting down", null);
            }
            LibxlFd registration = new LibxlFd(context, callIns, fd, events, forLibxl);
            set.add(registration);
            // The loop may see an event by now; its call-in waits for the lock that libxl holds around this hook.
            store(out, registration.token());
            LibxlCounters.FD_REGISTERED.increment();
            observer.fdRegistered(registration.token(), fd, events);
            return OK;
        } catch (NativeErrorException e) {
            refused("fd_register(" + fd + ")", e.getMessage(), null);
            return e.errno();
        } catch (Throwable e) {
            return refused("fd_register(" + fd + ")", e.toString(), e);
        }
    }

    /**
     * Late reports for the old mask are ignored by libxl (libxl_event.h). A failure must leave the registration as it was.
     * One that the token does not name is not touched; the kernel refuses a change of mask only when the file behind the
     * number has gone, and with it all that there was to report. The value behind update is honoured also after a
     * failure, and never changes here: the token stays.
     */
    int fdModify(int fd, long update, int events) {
        try {
            LibxlFd registration = find(load(update), fd);
            if (registration == null) {
                return refused("fd_modify(" + fd + ")", "it names nothing that is registered", null);
            }
            set.modify(registration, events);
            LibxlCounters.FD_MODIFIED.increment();
            observer.fdModified(registration.token(), events);
            return OK;
        } catch (NativeErrorException e) {
            refused("fd_modify(" + fd + ")", e.getMessage(), null);
            return e.errno();
        } catch (Throwable e) {
            return refused("fd_modify(" + fd + ")", e.toString(), e);
        }
    }

    /**
     * Cannot fail. libxl may close the descriptor as soon as this returns, so it is out of the kernel's set by then. A
     * call-in that was claimed before may still come; libxl_event.c takes it for a late one.
     */
    void fdDeregister(int fd, long token) {
        try {
            LibxlFd registration = find(token, fd);
            if (registration == null || !set.remove(registration)) {
                refused("fd_deregister(" + fd + ")", "it names nothing that is registered", null);
                return;
            }
            LibxlCounters.FD_DEREGISTERED.increment();
            observer.fdDeregistered(token);
        } catch (Throwable e) {
            refused("fd_deregister(" + fd + ")", e.toString(), e);
        }
    }

    /**
     * The deadline is an absolute gettimeofday value; the set converts it once, rounds up, and delivers once. Late is
     * legal. To queue it again, libxl registers again (libxl_event.h, "Implicitly, on entry to this function...").
     */
    int timeoutRegister(long out, long seconds, long micros, long forLibxl) {
        try {
            if (Shutdown.hasBegun()) {
                return refused("timeout_register", "the JVM is shutting down", null);
            }
            long deadline = deadlineMicros(seconds, micros);
            LibxlTimeout registration = new LibxlTimeout(context, callIns, forLibxl, deadline);
            set.addOneShot(registration, deadline);
            store(out, registration.token());
            LibxlCounters.TIMEOUT_REGISTERED.increment();
            observer.timeoutRegistered(registration.token(), deadline);
            return OK;
        } catch (NativeErrorException e) {
            refused("timeout_register", e.getMessage(), null);
            return e.errno();
        } catch (Throwable e) {
            return refused("timeout_register", e.toString(), e);
        }
    }

    /**
     * Only ever called with {0,0}, "as soon as possible"; possibly twice for one registration, and possibly after our own
     * delivery has begun, when it must be ignored (libxl_event.h, "the application must cope"): ours begins with a call
     * that makes it. The result is ignored by
     * libxl_event.c, against its header. It only moves the deadline: libxl must not be called from in here.
     */
    int timeoutModify(long update, long seconds, long micros) {
        try {
            long token = load(update);
            LibxlCounters.TIMEOUT_MODIFIED.increment();
            observer.timeoutModified(token);
            if (seconds != 0 || micros != 0) {
                return refused("timeout_modify", "the time is not \"now\", as libxl promises", null);
            }
            if (set.lookUp(token) instanceof LibxlTimeout timeout && timeout.context() == context) {
                timeout.saidNow();
                set.modifyToNow(timeout);
            }
            return OK;
        } catch (Throwable e) {
            return refused("timeout_modify", e.toString(), e);
        }
    }

    /** "Will never be called" (libxl_event.h). If it is, it does what it says. */
    void timeoutDeregister(long token) {
        try {
            refused("timeout_deregister", "libxl promises never to call it", null);
            if (set.lookUp(token) instanceof LibxlTimeout timeout && timeout.context() == context) {
                set.remove(timeout);
            }
        } catch (Throwable e) {
            refused("timeout_deregister", e.toString(), e);
        }
    }

    private LibxlFd find(long token, int fd) {
        boolean ours = set.lookUp(token) instanceof LibxlFd found && found.context() == context && found.fd() == fd;
        return ours ? (LibxlFd) set.lookUp(token) : null;
    }

    /**
     * What is there on entry to a register hook is never read: the header promises NULL, but libxl_event.c shows the
     * former cookie of a recycled nexus.
     */
    private static void store(long out, long token) {
        new Pointer(out).setLong(0, token);
    }

    private static long load(long update) {
        return new Pointer(update).getLong(0);
    }

    /** A time that no long can hold is far away. */
    private static long deadlineMicros(long seconds, long micros) {
        long bound = TimeUnit.MICROSECONDS.toSeconds(Long.MAX_VALUE) - 1;
        return TimeUnit.SECONDS.toMicros(Math.max(0, Math.min(seconds, bound))) + Math.max(0, micros);
    }

    private int refused(String hook, String why, Throwable failure) {
        LibxlCounters.HOOKS_REFUSED.increment();
        try {
            LOG.log(System.Logger.Level.WARNING, () -> context + ": " + hook + " refused: " + why, failure);
        } catch (Throwable nested) {
            // Nothing may reach C, and there is nobody left to tell
            return LibxlException.OSEVENT_REG_FAIL;
        }
        return LibxlException.OSEVENT_REG_FAIL;
    }
}
