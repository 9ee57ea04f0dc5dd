package io.osevent.it.faults;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.osevent.shim.NativeFds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** File descriptors, beyond {@link NativeFds}: copies, counts, and a process that has none left. */
final class Fds {
    private static final int EVENT_BYTES = 8;
    private static final int LIMIT_NOFILE = 7;

    static {
        Native.register(Fds.class, Platform.C_LIBRARY_NAME);
    }

    private Fds() {}

    private static native int dup(int fd) throws LastErrorException;

    private static native long read(int fd, byte[] bytes, long size) throws LastErrorException;

    private static native int getrlimit(int resource, long[] limit) throws LastErrorException;

    private static native int setrlimit(int resource, long[] limit) throws LastErrorException;

    /** Another number for the same file. */
    static int copy(int fd) {
        return dup(fd);
    }

    /** Takes the count out of an eventfd that has one. */
    static long takeCount(int eventFd) {
        byte[] bytes = new byte[EVENT_BYTES];
        read(eventFd, bytes, EVENT_BYTES);
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong();
    }

    /** Takes the last descriptor of the process. */
    static Exhaustion exhaust() {
        return new Exhaustion();
    }

    /** A process without a free descriptor. Classes that were not loaded before may fail to load meanwhile. */
    static final class Exhaustion {
        private final long[] before = new long[2];
        private final List<Integer> taken = new ArrayList<>();

        private Exhaustion() {
            getrlimit(LIMIT_NOFILE, before);
            int probe = NativeFds.event(0);
            taken.add(probe);
            // A low limit, so that few descriptors have to be taken; numbers below it may be free.
            setrlimit(LIMIT_NOFILE, new long[] {Math.min(before[0], probe + 64L), before[1]});
            try {
                while (true) {
                    taken.add(NativeFds.event(0));
                }
            } catch (LastErrorException none) {
                // What this was for.
            }
        }

        /** Gives all of them back. */
        void end() {
            setrlimit(LIMIT_NOFILE, before);
            taken.forEach(NativeFds::shut);
        }
    }
}
