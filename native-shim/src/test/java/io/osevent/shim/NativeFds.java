package io.osevent.shim;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** File descriptors for tests. Everything here throws if the operating system refuses. */
public final class NativeFds {
    private static final int CLOEXEC = 0x80000;
    private static final int NONBLOCK = 0x800;
    private static final int RDONLY = 0;

    static {
        Native.register(NativeFds.class, Platform.C_LIBRARY_NAME);
    }

    private NativeFds() {}

    private static native int eventfd(int initial, int flags) throws LastErrorException;

    private static native int pipe2(int[] fds, int flags) throws LastErrorException;

    private static native int open(String path, int flags) throws LastErrorException;

    private static native long read(int fd, byte[] bytes, long size) throws LastErrorException;

    private static native long write(int fd, byte[] bytes, long size) throws LastErrorException;

    private static native int dup2(int from, int to) throws LastErrorException;

    private static native int close(int fd) throws LastErrorException;

    /** An eventfd; readable if {@code count} is not 0, and always writable. */
    public static int event(int count) {
        return eventfd(count, CLOEXEC | NONBLOCK);
    }

    /** Makes an eventfd readable. */
    public static void signal(int eventFd) {
        write(eventFd, new byte[] {1, 0, 0, 0, 0, 0, 0, 1}, 8);
    }

    /** Makes an eventfd unreadable. */
    public static void drain(int eventFd) {
        read(eventFd, new byte[8], 8);
    }

    /** The reading and the writing end of a pipe. */
    public static int[] pipe() {
        int[] ends = new int[2];
        pipe2(ends, CLOEXEC | NONBLOCK);
        return ends;
    }

    /** Writes one byte. */
    public static void writeByte(int fd) {
        write(fd, new byte[1], 1);
    }

    /** Reads one byte. */
    public static void readByte(int fd) {
        read(fd, new byte[1], 1);
    }

    /** Opens a file for reading. */
    public static int open(Path file) {
        return open(file.toString(), RDONLY | CLOEXEC);
    }

    /** Puts another file behind a number. */
    public static void replace(int fd, int by) {
        dup2(by, fd);
    }

    /** Closes a file descriptor. */
    public static void shut(int fd) {
        close(fd);
    }

    /** How many file descriptors of a kind, such as {@code anon_inode:[eventpoll]}, this process has open. */
    public static long openCount(String kind) throws IOException {
        return numbers(kind).size();
    }

    /** The file descriptors of a kind. */
    public static Set<Integer> numbers(String kind) throws IOException {
        try (var list = Files.list(Path.of("/proc/self/fd"))) {
            return list.filter(link -> kind.equals(target(link)))
                    .map(link -> Integer.valueOf(link.getFileName().toString()))
                    .collect(Collectors.toSet());
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // Closed since it was listed
            return "";
        }
    }

    /** How many file descriptors this process has open. */
    public static long openCount() throws IOException {
        try (var list = Files.list(Path.of("/proc/self/fd"))) {
            return list.count();
        }
    }
}
