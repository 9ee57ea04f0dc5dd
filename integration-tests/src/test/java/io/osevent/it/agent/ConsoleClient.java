package io.osevent.it.agent;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A console as the page has it, without the page. */
final class ConsoleClient implements WebSocket.Listener, AutoCloseable {

    private static final int SECONDS = 30;

    private final StringBuffer screen = new StringBuffer();
    private WebSocket socket;
    private volatile int closeCode;
    private volatile String closeReason = "";

    static ConsoleClient open(AgentProcess agent, String path, String token) throws Exception {
        ConsoleClient client = new ConsoleClient();
        URI url = URI.create(agent.url().resolve(path).toString().replaceFirst("^http", "ws"));
        client.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(url, client)
                .get(SECONDS, TimeUnit.SECONDS);
        return client;
    }

    void type(String text) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true)
                .get(SECONDS, TimeUnit.SECONDS);
    }

    String screen() {
        return screen.toString();
    }

    /** 0 while it is open. */
    int closeCode() {
        return closeCode;
    }

    String closeReason() {
        return closeReason;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        screen.append(StandardCharsets.UTF_8.decode(data));
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeReason = reason;
        closeCode = code;
        return null;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
