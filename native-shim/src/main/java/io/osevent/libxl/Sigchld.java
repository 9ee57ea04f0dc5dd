package io.osevent.libxl;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/**
 * Who handles SIGCHLD. libxl installs a handler with the first context and takes it away with the last; it asserts that
 * there was none, which would end the process, so we look first.
 */
final class Sigchld {
    private static final int SIGCHLD = 17;
    private static final int SIG_DFL = 0;
    private static final int SIG_IGN = 1;

    /** More than any struct sigaction; its first member is the handler. */
    private static final int STRUCT_SIZE = 256;

    private static int contexts;

    private Sigchld() {}

    private static final class Signals {
        static {
            Native.register(Signals.class, Platform.C_LIBRARY_NAME);
        }

        static native int sigaction(int signal, long action, long former);
    }

    /**
     * A context is about to be allocated.
     *
     * @throws IllegalStateException if somebody else handles SIGCHLD
     */
    static synchronized void enter() {
        // With a context open, the handler is libxl's own.
        if (contexts == 0) {
            try (Memory former = new Memory(STRUCT_SIZE)) {
                former.clear();
                Signals.sigaction(SIGCHLD, 0, Pointer.nativeValue(former));
                long handler = former.getLong(0);
                if (handler != SIG_DFL && handler != SIG_IGN) {
                    throw new IllegalStateException(
                            "this process has a handler for SIGCHLD already, and libxl needs its"
                                    + " own: remove whatever installed it (sun.misc.Signal, or a native library)");
                }
            }
        }
        contexts++;
    }

    /** It has been freed, or could not be allocated. */
    static synchronized void leave() {
        contexts--;
    }
}
