package io.osevent.agent;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashSet;
import java.util.Set;

/** The readers of the event stream. Used on one event loop. */
final class SseHub {

    private static final String RETRY = "retry: 2000\n";

    private final EventHistory history;
    private final Set<SseClient> clients = new LinkedHashSet<>();

    SseHub(Vertx vertx, EventHistory history, long heartbeatMillis) {
        this.history = history;
        vertx.setPeriodic(heartbeatMillis, ignored -> clients.forEach(client -> client.offer(": heartbeat\n\n")));
    }

    void published() {
        clients.forEach(SseClient::pump);
    }

    /** Sends what is of the moment only: it has no number, and who is slow or away misses it. */
    void tell(String name, String data) {
        String frame = "event: " + name + "\ndata: " + data + "\n\n";
        clients.forEach(client -> client.offer(frame));
    }

    int size() {
        return clients.size();
    }

    void serve(HttpServerRequest request, String lastSeen) {
        HttpServerResponse response = request.response();
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        response.write(RETRY + ": connected\n\n");
        SseClient client = new SseClient(response, history, cursorAfter(lastSeen));
        clients.add(client);
        response.exceptionHandler(ignored -> clients.remove(client));
        response.closeHandler(ignored -> clients.remove(client));
        client.pump();
    }

    /** Who never read begins with what comes; who comes back goes on where it stopped. */
    private long cursorAfter(String lastSeen) {
        if (lastSeen == null || lastSeen.isBlank()) {
            return history.next();
        }
        try {
            return Math.min(Long.parseLong(lastSeen.trim()) + 1, history.next());
        } catch (NumberFormatException e) {
            return history.oldest();
        }
    }
}
