package io.osevent.shim;

import com.sun.jna.Callback;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import io.osevent.shim.internal.FunctionPointers;

/** C functions for a seam to call: Java behind a function pointer, or the C library's own. */
public final class CTargets {
    /** {@code void (int, int, int, void *)}. */
    public interface Handle extends Callback {
        void invoke(int watch, int fd, int events, long opaque);
    }

    /** {@code void (int, void *)}. */
    public interface Timeout extends Callback {
        void invoke(int timer, long opaque);
    }

    /** {@code void (void *)}. */
    public interface Free extends Callback {
        void invoke(long opaque);
    }

    /** {@code void (void *, void *, int, short, short)}; old JNAs garble a short, so its register is taken whole. */
    public interface OccurredFd extends Callback {
        void invoke(long ctx, long forLibxl, int fd, int events, int revents);
    }

    /** {@code void (void *, void *)}. */
    public interface OccurredTimeout extends Callback {
        void invoke(long ctx, long forLibxl);
    }

    /** {@code void (void *, int, int, const char *, const char *)}. */
    public interface LogSink extends Callback {
        void invoke(long opaque, int level, int errnoval, long context, long message);
    }

    private CTargets() {}

    /** A function that only C runs: {@code int abs(int)}, which ignores what else is passed to it. */
    public static long pureC() {
        return Pointer.nativeValue(
                NativeLibrary.getInstance(Platform.C_LIBRARY_NAME).getFunction("abs"));
    }

    /** {@code void free(void *)}. */
    public static long free() {
        return Pointer.nativeValue(
                NativeLibrary.getInstance(Platform.C_LIBRARY_NAME).getFunction("free"));
    }

    /** A callback's function pointer, for the life of the process. */
    public static long pointer(Callback callback) {
        return FunctionPointers.forever(callback);
    }
}
