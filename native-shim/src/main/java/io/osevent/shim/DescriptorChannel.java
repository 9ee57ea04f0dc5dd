package io.osevent.shim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A channel of Java over a file that is not Java's, such as an epoll set, so that a {@link java.nio.channels.Selector}
 * can wait for it.
 *
 * <p>Java makes channels only for its own sockets, pipes and files. So a datagram socket is made, its number is found
 * among the process's descriptors by the port that only it has, and the other file is duplicated over that number
 * ({@code dup3(2)}). From then on the selector watches the other file, and closing the channel closes the duplicate.
 */
public final class DescriptorChannel {
    private static final Path OPEN_DESCRIPTORS = Path.of("/proc/self/fd");

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SOCK_DGRAM = 2;

    /** More than {@code struct sockaddr_in6}, which begins as {@code sockaddr_in}: 16 bits of family, 16 of port. */
    private static final int ADDRESS_BYTES = 64;

    private static final int PORT_OFFSET = 2;

    private DescriptorChannel() {}

    /**
     * Makes a channel over a duplicate of a descriptor. Only for selecting, with {@code OP_READ}: all else that the channel
     * offers is a socket's, and fails. A key of it must have been cancelled, and the selector must have selected once
     * more, before its number is free again. Any thread.
     *
     * @param fd any file that {@code epoll(7)} takes; stays the caller's
     * @return a channel in non-blocking mode, to be closed by the caller; its descriptor is closed in a process that
     *     another program is run in
     * @throws IOException if the process has no descriptors left, or its number cannot be found, as without
     *     {@code /proc}
     */
    public static SelectableChannel over(int fd) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.configureBlocking(false);
            channel.bind(new InetSocketAddress(0));
            int number = find(((InetSocketAddress) channel.getLocalAddress()).getPort());
            int result = Libc.orErrno(Libc.dup3(fd, number, Libc.CLOEXEC));
            if (result < 0) {
                throw new IOException("dup3(" + fd + ", " + number + ") failed with errno " + -result);
            }
            return channel;
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    private static int find(int port) throws IOException {
        ByteBuffer memory = ByteBuffer.allocateDirect(ADDRESS_BYTES + 2 * Integer.BYTES);
        try (DirectoryStream<Path> open = Files.newDirectoryStream(OPEN_DESCRIPTORS)) {
            for (Path entry : open) {
                int number = Integer.parseInt(entry.getFileName().toString());
                if (isDatagramSocket(number, memory) && port(number, memory) == port) {
                    return number;
                }
            }
        }
        throw new IOException("the descriptor of a socket of port " + port + " is not in " + OPEN_DESCRIPTORS);
    }

    private static boolean isDatagramSocket(int number, ByteBuffer memory) {
        memory.order(ByteOrder.nativeOrder()).putInt(ADDRESS_BYTES, Integer.BYTES);
        long value = DirectMemory.address(memory);
        int result = Libc.getsockopt(number, SOL_SOCKET, SO_TYPE, value, value + ADDRESS_BYTES);
        return result == 0 && memory.getInt(0) == SOCK_DGRAM;
    }

    /** The port of a socket of IP; -1 for any other. */
    private static int port(int number, ByteBuffer memory) {
        memory.order(ByteOrder.nativeOrder()).putInt(ADDRESS_BYTES, ADDRESS_BYTES);
        long address = DirectMemory.address(memory);
        if (Libc.getsockname(number, address, address + ADDRESS_BYTES) != 0) {
            return -1;
        }
        int family = memory.getShort(0);
        boolean ip = family == AF_INET || family == AF_INET6;
        return ip ? Short.toUnsignedInt(memory.order(ByteOrder.BIG_ENDIAN).getShort(PORT_OFFSET)) : -1;
    }
}
