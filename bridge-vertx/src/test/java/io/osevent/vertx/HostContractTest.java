package io.osevent.vertx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import io.osevent.shim.Seam;
import io.osevent.shim.SeamKind;
import io.vertx.core.Vertx;
import io.vertx.core.transport.Transport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** The contract of a host on each transport over each seam. */
class HostContractTest {
    private abstract static class OnTransport extends HostContract {
        private final Transport transport;
        private final String name;
        private final SeamKind seam;

        OnTransport(Transport transport, String name, SeamKind seam) {
            this.transport = transport;
            this.name = name;
            this.seam = seam;
        }

        @BeforeEach
        @Override
        void open() {
            assumeTrue(!name.equals("epoll") || Epoll.isAvailable(), "no native epoll transport here");
            assumeTrue(!name.equals("io_uring") || IoUring.isAvailable(), "no io_uring here");
            assumeTrue(seam.isAvailable(), () -> seam.unavailabilityCause().getMessage());
            super.open();
        }

        @Override
        Vertx newVertx() {
            return Vertx.builder().withTransport(transport).build();
        }

        @Override
        VertxHost newHost(Vertx vertx) {
            return new VertxHost(vertx);
        }

        @Override
        String transport() {
            return name;
        }

        @Override
        Seam seam() {
            return seam.seam();
        }
    }

    @Nested
    class EpollShim extends OnTransport {
        EpollShim() {
            super(Transport.EPOLL, "epoll", SeamKind.SHIM);
        }
    }

    @Nested
    class EpollJna extends OnTransport {
        EpollJna() {
            super(Transport.EPOLL, "epoll", SeamKind.JNA);
        }
    }

    @Nested
    class IoUringShim extends OnTransport {
        IoUringShim() {
            super(Transport.IO_URING, "io_uring", SeamKind.SHIM);
        }
    }

    @Nested
    class IoUringJna extends OnTransport {
        IoUringJna() {
            super(Transport.IO_URING, "io_uring", SeamKind.JNA);
        }
    }

    @Nested
    class NioShim extends OnTransport {
        NioShim() {
            super(Transport.NIO, "nio", SeamKind.SHIM);
        }
    }

    @Nested
    class NioJna extends OnTransport {
        NioJna() {
            super(Transport.NIO, "nio", SeamKind.JNA);
        }
    }

    /** For a loop that can watch nothing of ours. */
    @Nested
    class HelperJna extends OnTransport {
        HelperJna() {
            super(Transport.NIO, "helper", SeamKind.JNA);
        }

        @Override
        VertxHost newHost(Vertx vertx) {
            return new VertxHost(vertx, io.osevent.vertx.Transport.HELPER);
        }
    }
}
