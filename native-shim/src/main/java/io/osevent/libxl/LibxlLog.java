package io.osevent.libxl;

import com.sun.jna.Pointer;
import io.osevent.bridge.Errno;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * libxl's log in the Java log, under the name {@value #NAME}, and the last error of each context, which is the reason that
 * a mere number does not tell.
 */
final class LibxlLog {
    static final String NAME = "io.osevent.libxl";

    private static final System.Logger LOG = System.getLogger(NAME);

    // xentoollog_level of xentoollog.h
    private static final int DEBUG = 1;
    private static final int DETAIL = 3;
    private static final int INFO = 5;
    private static final int WARN = 7;
    private static final int ERROR = 8;

    private static final int NO_ERRNO = -1;

    private static final Map<Long, LibxlLog> LOGS = new ConcurrentHashMap<>();

    private final String context;
    private volatile String lastError = "";

    private LibxlLog(String context) {
        this.context = context;
    }

    static LibxlLog open(long user, String context) {
        LibxlLog log = new LibxlLog(context);
        LOGS.put(user, log);
        return log;
    }

    static void close(long user) {
        LOGS.remove(user);
    }

    /** The lowest level that anybody wants; asked once, for libxl formats what is at or above it. */
    static int lowestLevel() {
        return LOG.isLoggable(System.Logger.Level.TRACE)
                ? DEBUG
                : LOG.isLoggable(System.Logger.Level.DEBUG) ? DETAIL : INFO;
    }

    /** Forgets the last error: what comes now has another reason. */
    void forget() {
        lastError = "";
    }

    /** The last error since then; empty if there was none. */
    String lastError() {
        return lastError;
    }

    /** A line, on whatever thread logs it. */
    static void line(long user, int level, int errno, long context, long message) {
        try {
            LibxlLog log = LOGS.get(user);
            if (log != null) {
                log.line(level, errno, text(context), text(message));
            }
        } catch (Throwable failure) {
            // Nothing may reach C; a line is lost
            return;
        }
    }

    private void line(int level, int errno, String library, String message) {
        String reason = errno == NO_ERRNO ? message : message + ": " + Errno.name(errno);
        if (level >= ERROR) {
            lastError = reason;
        }
        LOG.log(javaLevel(level), () -> context + ": " + (library.isEmpty() ? "" : library + ": ") + reason);
    }

    private static System.Logger.Level javaLevel(int level) {
        if (level >= ERROR) {
            return System.Logger.Level.ERROR;
        }
        if (level >= WARN) {
            return System.Logger.Level.WARNING;
        }
        // What libxl takes for information is nothing that an operator asked for
        return level >= DETAIL ? System.Logger.Level.DEBUG : System.Logger.Level.TRACE;
    }

    private static String text(long address) {
        return address == 0 ? "" : new Pointer(address).getString(0, StandardCharsets.UTF_8.name());
    }
}
