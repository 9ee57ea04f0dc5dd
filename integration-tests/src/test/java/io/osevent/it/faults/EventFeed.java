package io.osevent.it.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** A reader of the agent's event stream that keeps up, and counts pauses and resumes. */
final class EventFeed implements AutoCloseable {
    private final Socket socket;
    private final Thread thread = new Thread(this::read, "event-feed");
    private final AtomicLong toggles = new AtomicLong();
    private volatile boolean connected;
    private volatile boolean ended;

    private EventFeed(Socket socket) {
        this.socket = socket;
    }

    static EventFeed open(int port) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        EventFeed feed = new EventFeed(socket);
        feed.thread.setDaemon(true);
        feed.thread.start();
        socket.getOutputStream()
                .write("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        Bounded.until("the feed is connected", () -> feed.connected);
        return feed;
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith(": connected")) {
                    connected = true;
                } else if (line.startsWith("data:")
                        && (line.contains("\"SUSPENDED\"") || line.contains("\"RESUMED\""))) {
                    toggles.incrementAndGet();
                }
            }
        } catch (IOException closed) {
            // By either side.
        }
        ended = true;
    }

    long toggles() {
        return toggles.get();
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
