package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import io.vertx.core.Vertx;
import io.vertx.core.transport.Transport;

/** The transports of Vert.x on which everything must work alike. */
enum LoopTransport {
    EPOLL("epoll"),
    IO_URING("io_uring"),
    NIO("nio");

    private final String label;

    LoopTransport(String label) {
        this.label = label;
    }

    /** A Vert.x on this transport; the calling test is skipped where the kernel does not allow io_uring. */
    Vertx newVertx() {
        return switch (this) {
            case EPOLL -> {
                assertTrue(Epoll.isAvailable(), "no epoll here");
                yield with(Transport.EPOLL);
            }
            case IO_URING -> {
                assumeTrue(
                        IoUring.isAvailable(),
                        () -> "no io_uring here: "
                                + IoUring.unavailabilityCause().getMessage());
                yield with(Transport.IO_URING);
            }
            case NIO -> with(Transport.NIO);
        };
    }

    /** As {@link io.osevent.vertx.LibvirtEventLoop#transport()} says it. */
    String label() {
        return label;
    }

    private static Vertx with(Transport transport) {
        return Vertx.builder().withTransport(transport).build();
    }
}
