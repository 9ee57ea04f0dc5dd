package io.osevent.shim;

import static io.osevent.shim.Signature.Type.INT;
import static io.osevent.shim.Signature.Type.POINTER;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.osevent.shim.internal.FunctionPointers;
import java.nio.charset.StandardCharsets;

/**
 * libxl's {@code struct xentoollog_logger}, made of JNA callbacks.
 *
 * <p>On every machine that JNA and Linux share, an argument of type {@code va_list} is one machine word, so it can be
 * handed on to {@code vsnprintf} unread. It can be used up only once: lines are cut off at {@link #LINE} bytes.
 */
final class JnaLogger {
    private static final int LINE = 8192;
    private static final int LEVEL_PROGRESS = 4;
    private static final int NO_ERRNO = -1;

    // Offsets in the structure: libxl's three functions, then ours
    private static final int VMESSAGE = 0;
    private static final int PROGRESS = 8;
    private static final int DESTROY = 16;
    private static final int SINK = 24;
    private static final int OPAQUE = 32;
    private static final int MIN_LEVEL = 40;
    private static final int SIZE = 48;

    private static final Signature SINK_TYPE = Signature.of(POINTER, INT, INT, POINTER, POINTER);

    private static final long VMESSAGE_FUNCTION = FunctionPointers.forever((VMessage) JnaLogger::vmessage);
    private static final long PROGRESS_FUNCTION = FunctionPointers.forever((Progress) JnaLogger::progress);
    private static final long DESTROY_FUNCTION = FunctionPointers.forever((Destroy) JnaLogger::destroy);

    private JnaLogger() {}

    interface VMessage extends Callback {
        void invoke(long self, int level, int errnoval, long context, long format, long arguments);
    }

    interface Progress extends Callback {
        void invoke(long self, long context, long doingWhat, int percent, long done, long total);
    }

    interface Destroy extends Callback {
        void invoke(long self);
    }

    static long create(long sink, long opaque, int minLevel) {
        long address = Native.malloc(SIZE);
        if (address != 0) {
            Pointer self = new Pointer(address);
            self.setLong(VMESSAGE, VMESSAGE_FUNCTION);
            self.setLong(PROGRESS, PROGRESS_FUNCTION);
            self.setLong(DESTROY, DESTROY_FUNCTION);
            self.setLong(SINK, sink);
            self.setLong(OPAQUE, opaque);
            self.setInt(MIN_LEVEL, minLevel);
        }
        return address;
    }

    static void destroy(long self) {
        Native.free(self);
    }

    private static void vmessage(long self, int level, int errnoval, long context, long format, long arguments) {
        if (level < new Pointer(self).getInt(MIN_LEVEL)) {
            return;
        }
        long line = Native.malloc(LINE);
        if (line == 0) {
            send(self, level, errnoval, context, format);
            return;
        }
        try {
            boolean formatted = Libc.vsnprintf(line, LINE, format, arguments) >= 0;
            send(self, level, errnoval, context, formatted ? line : format);
        } finally {
            Native.free(line);
        }
    }

    private static void progress(long self, long context, long doingWhat, int percent, long done, long total) {
        if (LEVEL_PROGRESS < new Pointer(self).getInt(MIN_LEVEL)) {
            return;
        }
        String text = new Pointer(doingWhat).getString(0) + ": " + done + "/" + total + " " + percent + "%";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long line = Native.malloc(bytes.length + 1L);
        if (line == 0) {
            return;
        }
        try {
            new Pointer(line).write(0, bytes, 0, bytes.length);
            new Pointer(line).setByte(bytes.length, (byte) 0);
            send(self, LEVEL_PROGRESS, NO_ERRNO, context, line);
        } finally {
            Native.free(line);
        }
    }

    private static void send(long self, int level, int errnoval, long context, long message) {
        Pointer logger = new Pointer(self);
        SINK_TYPE.call(
                logger.getLong(SINK),
                ArgumentBlock.ofThread()
                        .pointerAt(0, logger.getLong(OPAQUE))
                        .intAt(1, level)
                        .intAt(2, errnoval)
                        .pointerAt(3, context)
                        .pointerAt(4, message));
    }
}
