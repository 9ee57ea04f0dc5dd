package io.osevent.shim;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/** The C library's functions, directly mapped; pointers are {@code long}s, which JNA passes on as they are. */
final class Libc {
    static final int CLOEXEC = 0x80000;
    static final int NONBLOCK = 0x800;
    static final int CLOCK_MONOTONIC = 1;
    static final int EINTR = 4;

    static {
        Native.register(Libc.class, Platform.C_LIBRARY_NAME);
    }

    private Libc() {}

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int set, int operation, int fd, long event);

    static native int epoll_wait(int set, long events, int max, int timeoutMillis);

    static native int timerfd_create(int clock, int flags);

    static native int timerfd_settime(int timer, int flags, long spec, long oldSpec);

    static native int close(int fd);

    static native int dup3(int fd, int number, int flags);

    static native int getsockname(int fd, long address, long length);

    static native int getsockopt(int fd, int level, int option, long value, long length);

    static native int vsnprintf(long line, long size, long format, long arguments);

    /** Where a function is, for calls through {@link Signature}. */
    static long address(String function) {
        return Pointer.nativeValue(
                NativeLibrary.getInstance(Platform.C_LIBRARY_NAME).getFunction(function));
    }

    /** The result in the kernel's own convention: JNA keeps errno per thread, whatever the JVM does after the call. */
    static int orErrno(int result) {
        return result >= 0 ? result : -Native.getLastError();
    }
}
