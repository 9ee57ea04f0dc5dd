package io.osevent.shim;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/** A thread that Java does not know until a C function that it runs calls into Java. */
public final class CThread {
    static {
        Native.register(CThread.class, Platform.C_LIBRARY_NAME);
    }

    private CThread() {}

    private static native int pthread_create(long[] thread, long attributes, long start, long argument);

    private static native int pthread_join(long thread, long[] result);

    /**
     * Runs {@code void *function(void *)} in a thread of its own, or a function of the same registers, and waits for its
     * end.
     *
     * @return its result
     */
    public static long run(long function, long argument) {
        long[] thread = new long[1];
        long[] result = new long[1];
        int failed = pthread_create(thread, 0, function, argument);
        if (failed == 0) {
            failed = pthread_join(thread[0], result);
        }
        if (failed != 0) {
            throw new IllegalStateException("pthread error " + failed);
        }
        return result[0];
    }
}
