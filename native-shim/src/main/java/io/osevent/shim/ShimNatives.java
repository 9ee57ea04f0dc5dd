package io.osevent.shim;

/** The entry points of {@code jni.c}. */
final class ShimNatives {
    private ShimNatives() {}

    static native int abi();

    static native int eventSize();

    static native int tagOffset();

    static native int createSet();

    static native int createTimer();

    static native int close(int fd);

    static native int control(int set, int operation, int fd, int events, long tag);

    static native int await(int set, long events, int max, int timeoutMillis);

    static native int armTimer(int timer, long delayNanos);

    static native void callHandle(long function, int watch, int fd, int events, long opaque);

    static native void callTimeout(long function, int timer, long opaque);

    static native void callFree(long function, long opaque);

    static native void occurredFd(long function, long ctx, long forLibxl, int fd, int events, int revents);

    static native void occurredTimeout(long function, long ctx, long forLibxl);

    static native long createLogger(long sink, long opaque, int minLevel);

    static native void destroyLogger(long logger);
}
