package io.osevent.libxl;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Who handles SIGCHLD. libxl installs a handler with the first context and takes it away with the last; it asserts that
 * there was none, which would end the process, so we look first. And it counts on one thread at least that does not block
 * the signal: otherwise no child of its own would ever end for it, and each operation that forks would hang.
 */
final class Sigchld {
    private static final int SIGCHLD = 17;
    private static final int SIG_DFL = 0;
    private static final int SIG_IGN = 1;

    /** More than any struct sigaction; its first member is the handler. */
    private static final int STRUCT_SIZE = 256;

    private static final Path THREADS = Path.of("/proc/self/task");
    private static final String BLOCKED = "SigBlk:";
    private static final int HEXADECIMAL = 16;

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
     * @throws IllegalStateException if somebody else handles SIGCHLD, or every thread blocks it
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
            if (blockedByAll()) {
                throw new IllegalStateException(
                        "every thread of this process blocks SIGCHLD, as the one did that started it, and libxl would"
                                + " never hear that a child of its own has ended: start the JVM from a process that does"
                                + " not block it");
            }
        }
        contexts++;
    }

    /** A mask is inherited, by threads and by programs: one that blocks a signal often has it from a supervisor. */
    private static boolean blockedByAll() {
        try (Stream<Path> threads = Files.list(THREADS)) {
            return threads.allMatch(Sigchld::blocks);
        } catch (IOException unknown) {
            return false;
        }
    }

    private static boolean blocks(Path thread) {
        try (Stream<String> status = Files.lines(thread.resolve("status"))) {
            return status.filter(line -> line.startsWith(BLOCKED))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring(BLOCKED.length()).strip(), HEXADECIMAL))
                    .allMatch(mask -> (mask >>> (SIGCHLD - 1) & 1) != 0);
        } catch (IOException | UncheckedIOException ended) {
            return true;
        }
    }

    /** It has been freed, or could not be allocated. */
    static synchronized void leave() {
        contexts--;
    }
}
