package io.osevent.it.libxl;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/** Descriptors as C has them. */
final class LibC {
    private static final int WRITE_CREATE = 01 | 0100;
    private static final int DIRECTORY = 0200000;
    private static final int OWNER = 0600;

    static {
        Native.register(LibC.class, Platform.C_LIBRARY_NAME);
    }

    private LibC() {}

    private static native int open(String path, int flags, int mode);

    static native int close(int fd);

    static native int dup(int fd);

    static native int dup2(int from, int to);

    static native int kill(int pid, int signal);

    static native long signal(int signal, long handler);

    /** A function that does no harm as a signal's handler. */
    static long harmless() {
        return Pointer.nativeValue(
                NativeLibrary.getInstance(Platform.C_LIBRARY_NAME).getFunction("getpid"));
    }

    static int create(String path) {
        return checked(open(path, WRITE_CREATE, OWNER));
    }

    static int openDirectory(String path) {
        return checked(open(path, DIRECTORY, 0));
    }

    private static int checked(int fd) {
        if (fd < 0) {
            throw new IllegalStateException("open failed");
        }
        return fd;
    }
}
