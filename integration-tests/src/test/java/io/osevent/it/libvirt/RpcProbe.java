package io.osevent.it.libvirt;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Asks a libvirtd over its socket which authentication it wants. A connection alone says little: the kernel accepts
 * it before the daemon's drivers are up; the daemon answers afterwards. The probe speaks the protocol itself, because
 * libvirt's library must not be touched before the test has registered its event implementation.
 */
final class RpcProbe {
    private static final int PROGRAM_REMOTE = 0x20008086;
    private static final int PROTOCOL_VERSION = 1;
    private static final int PROCEDURE_AUTH_LIST = 66;
    private static final int TYPE_CALL = 0;
    private static final int STATUS_OK = 0;
    private static final int PACKET_BYTES = 28;

    private RpcProbe() {}

    /**
     * @return false if nothing listens or no answer came within the bound
     */
    static boolean answers(Path socket, Duration bound) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException e) {
                return false; // not there yet, or a socket file that a dead daemon left behind
            }
            channel.configureBlocking(false);
            channel.write(ByteBuffer.allocate(PACKET_BYTES)
                    .putInt(PACKET_BYTES)
                    .putInt(PROGRAM_REMOTE)
                    .putInt(PROTOCOL_VERSION)
                    .putInt(PROCEDURE_AUTH_LIST)
                    .putInt(TYPE_CALL)
                    .putInt(1) // serial
                    .putInt(STATUS_OK)
                    .flip());
            channel.register(selector, SelectionKey.OP_READ);
            if (selector.select(bound.toMillis()) == 0) {
                return false;
            }
            try {
                return channel.read(ByteBuffer.allocate(PACKET_BYTES)) > 0;
            } catch (IOException e) {
                return false; // reset: it is on its way out
            }
        }
    }
}
