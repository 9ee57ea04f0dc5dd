package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.uring.IoUring;
import io.vertx.core.Vertx;
import io.vertx.core.transport.Transport;

/** The transports of Vert.x on which everything must work alike. */
enum LoopTransport {
    EPOLL("epoll", Transport.EPOLL),
    IO_URING("io_uring", Transport.IO_URING),
    NIO("nio", Transport.NIO);

    private final String label;
    private final Transport transport;

    LoopTransport(String label, Transport transport) {
        this.label = label;
        this.transport = transport;
    }

    /** Whether the kernel allows it: io_uring is often forbidden in containers. */
    boolean isAvailable() {
        return this != IO_URING || IoUring.isAvailable();
    }

    /** Skips the calling test where the kernel does not allow it. */
    void assumeAvailable() {
        assumeTrue(
                isAvailable(),
                () -> "no io_uring here: " + IoUring.unavailabilityCause().getMessage());
    }

    /** A Vert.x on this transport; the calling test is skipped where there is none. */
    Vertx newVertx() {
        assumeAvailable();
        Vertx vertx = Vertx.builder().withTransport(transport).build();
        assertTrue(vertx.isNativeTransportEnabled() || this == NIO, "no native transport: " + this);
        return vertx;
    }

    /** As {@link io.osevent.vertx.LibvirtEventLoop#transport()} says it. */
    String label() {
        return label;
    }
}
