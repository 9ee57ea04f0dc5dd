package io.osevent.libxl;

import com.sun.jna.Callback;
import com.sun.jna.Memory;
import io.osevent.shim.internal.FunctionPointers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The C functions and structures that libxl is given. They are the same for all contexts and live as long as the process,
 * because libxl copies neither the hook structures nor looks whether they still exist; {@code user} says which context is
 * meant. Pointers are {@code long}s, which JNA passes as they are; a {@code struct timeval} by value arrives as the two
 * words that it is made of.
 */
final class NativeCallbacks {
    /** {@code libxl_sigchld_owner_libxl_always_selective_reap}: libxl reaps its own children, and Java its own. */
    private static final int SELECTIVE_REAP = 3;

    private static final long ALL_EVENTS = -1;

    private static final Map<Long, LibxlCtx> CONTEXTS = new ConcurrentHashMap<>();

    interface FdRegister extends Callback {
        int invoke(long user, int fd, long out, short events, long forLibxl);
    }

    interface FdModify extends Callback {
        int invoke(long user, int fd, long update, short events);
    }

    interface FdDeregister extends Callback {
        void invoke(long user, int fd, long registration);
    }

    interface TimeoutRegister extends Callback {
        int invoke(long user, long out, long seconds, long micros, long forLibxl);
    }

    interface TimeoutModify extends Callback {
        int invoke(long user, long update, long seconds, long micros);
    }

    interface TimeoutDeregister extends Callback {
        void invoke(long user, long registration);
    }

    interface EventOccurs extends Callback {
        void invoke(long user, long event);
    }

    interface Disaster extends Callback {
        void invoke(long user, int type, long message, int errno);
    }

    interface Completed extends Callback {
        void invoke(long ctx, int rc, long operation);
    }

    interface LogLine extends Callback {
        void invoke(long user, int level, int errno, long context, long message);
    }

    /** {@code libxl_osevent_hooks}. */
    static final Memory OSEVENT_HOOKS = words(
            FunctionPointers.forever((FdRegister) NativeCallbacks::fdRegister),
            FunctionPointers.forever((FdModify) NativeCallbacks::fdModify),
            FunctionPointers.forever((FdDeregister) NativeCallbacks::fdDeregister),
            FunctionPointers.forever((TimeoutRegister) NativeCallbacks::timeoutRegister),
            FunctionPointers.forever((TimeoutModify) NativeCallbacks::timeoutModify),
            FunctionPointers.forever((TimeoutDeregister) NativeCallbacks::timeoutDeregister));

    /** {@code libxl_event_hooks}. Without a disaster function libxl would call exit(-1), and take the JVM with it. */
    static final Memory EVENT_HOOKS = words(
            ALL_EVENTS,
            FunctionPointers.forever((EventOccurs) NativeCallbacks::eventOccurs),
            FunctionPointers.forever((Disaster) NativeCallbacks::disaster));

    /** {@code libxl_childproc_hooks}: an int, padding, and two optional functions. */
    static final Memory CHILDPROC_HOOKS = words(0, 0, 0);

    /** What completes an operation; a {@code libxl_asyncop_how} names it. */
    static final long COMPLETED = FunctionPointers.forever((Completed) NativeCallbacks::completed);

    /** What takes a line of libxl's log. */
    static final long LOG_LINE = FunctionPointers.forever((LogLine) NativeCallbacks::logLine);

    static {
        CHILDPROC_HOOKS.setInt(0, SELECTIVE_REAP);
    }

    private NativeCallbacks() {}

    /** From now on the hooks find the context; for good, if it is leaked. */
    static void put(long user, LibxlCtx context) {
        CONTEXTS.put(user, context);
    }

    static void remove(long user) {
        CONTEXTS.remove(user);
    }

    /** Once for each context, before any registration and not concurrently with anything (libxl_event.h). */
    static void install(long ctx, long user) {
        LibxlFunctions.libxl_osevent_register_hooks(ctx, address(OSEVENT_HOOKS), user);
        LibxlFunctions.libxl_event_register_callbacks(ctx, address(EVENT_HOOKS), user);
        LibxlFunctions.libxl_childproc_setmode(ctx, address(CHILDPROC_HOOKS), user);
    }

    private static Memory words(long... values) {
        Memory memory = new Memory((long) values.length * Long.BYTES);
        memory.write(0, values, 0, values.length);
        return memory;
    }

    private static long address(Memory memory) {
        return com.sun.jna.Pointer.nativeValue(memory);
    }

    // ---- hooks: libxl's lock is held, and it must not be called

    private static int fdRegister(long user, int fd, long out, short events, long forLibxl) {
        CallIns.enterHook();
        try {
            LibxlCtx context = CONTEXTS.get(user);
            return context == null
                    ? LibxlException.OSEVENT_REG_FAIL
                    : context.hooks().fdRegister(fd, out, events, forLibxl);
        } finally {
            CallIns.exitHook();
        }
    }

    private static int fdModify(long user, int fd, long update, short events) {
        CallIns.enterHook();
        try {
            LibxlCtx context = CONTEXTS.get(user);
            return context == null
                    ? LibxlException.OSEVENT_REG_FAIL
                    : context.hooks().fdModify(fd, update, events);
        } finally {
            CallIns.exitHook();
        }
    }

    private static void fdDeregister(long user, int fd, long registration) {
        CallIns.enterHook();
        try {
            LibxlCtx context = CONTEXTS.get(user);
            if (context != null) {
                context.hooks().fdDeregister(fd, registration);
            }
        } finally {
            CallIns.exitHook();
        }
    }

    private static int timeoutRegister(long user, long out, long seconds, long micros, long forLibxl) {
        CallIns.enterHook();
        try {
            LibxlCtx context = CONTEXTS.get(user);
            return context == null
                    ? LibxlException.OSEVENT_REG_FAIL
                    : context.hooks().timeoutRegister(out, seconds, micros, forLibxl);
        } finally {
            CallIns.exitHook();
        }
    }

    private static int timeoutModify(long user, long update, long seconds, long micros) {
        CallIns.enterHook();
        try {
            LibxlCtx context = CONTEXTS.get(user);
            return context == null
                    ? LibxlException.OSEVENT_REG_FAIL
                    : context.hooks().timeoutModify(update, seconds, micros);
        } finally {
            CallIns.exitHook();
        }
    }

    private static void timeoutDeregister(long user, long registration) {
        CallIns.enterHook();
        try {
            LibxlCtx context = CONTEXTS.get(user);
            if (context != null) {
                context.hooks().timeoutDeregister(registration);
            }
        } finally {
            CallIns.exitHook();
        }
    }

    // ---- callbacks: libxl's lock is not held; disaster alone must not call libxl

    private static void eventOccurs(long user, long event) {
        LibxlCtx context = CONTEXTS.get(user);
        if (context != null) {
            context.eventOccurs(event);
        }
    }

    private static void disaster(long user, int type, long message, int errno) {
        CallIns.enterHook();
        try {
            LibxlCtx context = CONTEXTS.get(user);
            if (context != null) {
                context.disaster(type, message, errno);
            }
        } finally {
            CallIns.exitHook();
        }
    }

    private static void completed(long ctx, int rc, long operation) {
        Operation.completed(operation, rc);
    }

    private static void logLine(long user, int level, int errno, long context, long message) {
        LibxlLog.line(user, level, errno, context, message);
    }
}
