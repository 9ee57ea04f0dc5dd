package io.osevent.it.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client that says exactly what it is told to say, however wrong. */
final class RawClient implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int REST_MILLIS = 300;
    private static final int LONGEST_ANSWER = 64 * 1024;

    private final Socket socket = new Socket();

    RawClient(int port) throws IOException {
        // A client that does not read must not have its kernel read for it.
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
    }

    void say(String text) throws IOException {
        say(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** As {@link #say}, but the server may hang up in the middle; false if it did. */
    boolean trySay(byte[] bytes) {
        try {
            say(bytes);
            return true;
        } catch (IOException hungUp) {
            return false;
        }
    }

    /** What the server says until it ends the connection, or says nothing for so long. */
    String hear(int quietMillis) throws IOException {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        byte[] some = new byte[8192];
        try {
            socket.setSoTimeout(quietMillis);
            InputStream in = socket.getInputStream();
            int count = in.read(some);
            while (count >= 0 && heard.size() < LONGEST_ANSWER) {
                heard.write(some, 0, count);
                // The rest follows at once, or not at all.
                socket.setSoTimeout(Math.min(quietMillis, REST_MILLIS));
                count = in.read(some);
            }
        } catch (SocketTimeoutException | SocketException quietOrGone) {
            // All there is has been heard.
        }
        return heard.toString(StandardCharsets.ISO_8859_1);
    }

    /** True if the server ends the connection within so long. */
    boolean hearsTheEnd(int boundMillis) throws IOException {
        long end = System.nanoTime() + boundMillis * 1_000_000L;
        try {
            InputStream in = socket.getInputStream();
            byte[] some = new byte[8192];
            while (System.nanoTime() - end < 0) {
                socket.setSoTimeout(Math.max(1, (int) ((end - System.nanoTime()) / 1_000_000L)));
                if (in.read(some) < 0) {
                    return true;
                }
            }
            return false;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Vanishes: the server gets a reset, in the middle of whatever it does. */
    void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
