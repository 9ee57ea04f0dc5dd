package io.osevent.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Java's selector and a file that is not Java's. */
class DescriptorChannelTest {
    private static final String EVENTFD = "anon_inode:[eventfd]";
    private static final long BOUND_MILLIS = 20_000;

    /** Java's sockets keep a descriptor of their own from the first one on. */
    @BeforeAll
    static void beginWithASocket() throws IOException {
        DatagramChannel.open().close();
    }

    @Test
    void aSelectorSeesWhatBecomesReadable() throws IOException {
        int fd = NativeFds.event(0);
        try (Selector selector = Selector.open();
                SelectableChannel channel = DescriptorChannel.over(fd)) {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            assertEquals(0, selector.selectNow(), "not readable yet");
            for (int round = 0; round < 3; round++) {
                NativeFds.signal(fd);
                assertEquals(1, selector.select(BOUND_MILLIS), "readable");
                assertTrue(key.isReadable());
                selector.selectedKeys().clear();
                assertEquals(1, selector.selectNow(), "still readable: level-triggered");
                selector.selectedKeys().clear();
                NativeFds.drain(fd);
                assertEquals(0, selector.selectNow(), "drained");
            }
        }
        NativeFds.shut(fd);
    }

    /** Sockets of other kinds may have the same port, and others of the same kind have other ports. */
    @Test
    void noOtherDescriptorIsTouched() throws IOException {
        List<DatagramSocket> datagrams = new ArrayList<>();
        List<ServerSocket> streams = new ArrayList<>();
        int fd = NativeFds.event(0);
        try {
            for (int i = 0; i < 50; i++) {
                datagrams.add(new DatagramSocket());
                streams.add(new ServerSocket(0));
            }
            long all = NativeFds.openCount();
            long events = NativeFds.openCount(EVENTFD);
            SelectableChannel channel = DescriptorChannel.over(fd);
            assertEquals(all + 1, NativeFds.openCount(), "one more");
            assertEquals(events + 1, NativeFds.openCount(EVENTFD), "which is of the kind");
            channel.close();
            assertEquals(all, NativeFds.openCount(), "closed");
            assertEquals(events, NativeFds.openCount(EVENTFD), "and it was the duplicate");
        } finally {
            datagrams.forEach(DatagramSocket::close);
            for (ServerSocket stream : streams) {
                stream.close();
            }
            NativeFds.shut(fd);
        }
    }

    @Test
    void theDescriptorIsClosedWhenTheSelectorHasSelectedOnceMore() throws IOException {
        int fd = NativeFds.event(1);
        long events = NativeFds.openCount(EVENTFD);
        try (Selector selector = Selector.open()) {
            // The selector may have one of its own, for its wake-up.
            long own = NativeFds.openCount(EVENTFD) - events;
            SelectableChannel channel = DescriptorChannel.over(fd);
            channel.register(selector, SelectionKey.OP_READ);
            assertEquals(1, selector.selectNow());
            channel.close();
            assertEquals(0, selector.selectNow(), "nobody is told any more");
            assertEquals(events + own, NativeFds.openCount(EVENTFD), "the duplicate is closed");
        }
        NativeFds.shut(fd);
    }

    @Test
    void itIsClosedOnExec() throws IOException {
        int fd = NativeFds.event(0);
        Set<Integer> before = NativeFds.numbers(EVENTFD);
        try (SelectableChannel channel = DescriptorChannel.over(fd)) {
            assertTrue(channel.isOpen());
            Set<Integer> duplicate = new HashSet<>(NativeFds.numbers(EVENTFD));
            duplicate.removeAll(before);
            assertEquals(1, duplicate.size());
            int flags = flags(duplicate.iterator().next());
            assertTrue((flags & Libc.CLOEXEC) != 0, () -> "flags " + Integer.toOctalString(flags));
        }
        NativeFds.shut(fd);
    }

    private static int flags(int fd) throws IOException {
        String name = "flags:";
        return Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(fd))).stream()
                .filter(line -> line.startsWith(name))
                .mapToInt(line -> Integer.parseInt(line.substring(name.length()).trim(), 8))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aNumberThatIsNotOpenIsRefusedAndNothingIsLeft() throws IOException {
        int fd = NativeFds.event(0);
        NativeFds.shut(fd);
        long open = NativeFds.openCount();
        IOException refused = assertThrows(IOException.class, () -> DescriptorChannel.over(-1));
        assertTrue(refused.getMessage().contains("errno 9"), refused.getMessage());
        assertEquals(open, NativeFds.openCount(), "descriptors");
    }
}
