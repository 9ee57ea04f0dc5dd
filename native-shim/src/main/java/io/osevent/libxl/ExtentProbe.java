package io.osevent.libxl;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.function.LongConsumer;

/**
 * Measures how large a structure is whose layout is not known: its initialiser is run on memory with a pattern, in front
 * of a page that cannot be written, and the last byte that has changed is its end. libxl's initialisers begin by clearing
 * the whole structure, so the measure is exact.
 */
final class ExtentProbe {
    private static final int ROOM = 64 * 1024;

    /** A structure that comes this near to the end of the room may be larger than it. */
    private static final int EDGE = 4096;

    // The kernel's constants on every machine that Xen runs on
    private static final int PROT_NONE = 0;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final long MAP_FAILED = -1;

    /** Wherever the initialiser happens to write one of them, it does not write the other. */
    private static final byte[] PATTERNS = {(byte) 0xA5, 0x5A};

    private ExtentProbe() {}

    private static final class Memory {
        static {
            Native.register(Memory.class, Platform.C_LIBRARY_NAME);
        }

        static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

        static native int mprotect(long address, long length, int protection);

        static native int munmap(long address, long length);

        static native int getpagesize();
    }

    /**
     * Measures a structure.
     *
     * @param name for the message
     * @param initialiser runs the structure's initialiser on an address
     * @return its size in bytes
     * @throws UnsupportedOperationException if it is larger than anything that libxl should have
     */
    static int measure(String name, LongConsumer initialiser) {
        int page = Memory.getpagesize();
        long length = ROOM + (long) page;
        long room = Memory.mmap(0, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
        if (room == MAP_FAILED) {
            throw new OutOfMemoryError("mmap of " + length + " bytes");
        }
        try {
            if (Memory.mprotect(room + ROOM, page, PROT_NONE) != 0) {
                throw new IllegalStateException("mprotect failed");
            }
            int extent = 0;
            for (byte pattern : PATTERNS) {
                extent = Math.max(extent, touched(room, pattern, initialiser));
            }
            if (extent == 0 || extent > ROOM - EDGE) {
                throw new UnsupportedOperationException(name + " has an unlikely size (" + extent
                        + " bytes): is this libxenlight " + Libxl.RELEASE + "?");
            }
            return extent;
        } finally {
            Memory.munmap(room, length);
        }
    }

    private static int touched(long room, byte pattern, LongConsumer initialiser) {
        Pointer memory = new Pointer(room);
        memory.setMemory(0, ROOM, pattern);
        initialiser.accept(room);
        byte[] content = memory.getByteArray(0, ROOM);
        int end = ROOM;
        while (end > 0 && content[end - 1] == pattern) {
            end--;
        }
        return end;
    }
}
