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

    /**
     * Serves a reader until it leaves.
     *
     * @param lastSeen the number it saw last, or null
     * @param replay for one that never read: how many events it wants from before, as text, or null
     */
    void serve(HttpServerRequest request, String lastSeen, String replay) {
        HttpServerResponse response = request.response();
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        response.write(RETRY + ": connected\n\n");
        SseClient client = new SseClient(response, history, cursorAfter(lastSeen, replay));
        clients.add(client);
        response.exceptionHandler(ignored -> clients.remove(client));
        response.closeHandler(ignored -> clients.remove(client));
        client.pump();
    }

    /** Who never read begins with what comes, or a little earlier; who comes back goes on where it stopped. */
    private long cursorAfter(String lastSeen, String replay) {
        if (lastSeen == null || lastSeen.isBlank()) {
            return Math.max(history.oldest(), history.next() - number(replay, 0));
        }
        return Math.min(number(lastSeen, history.oldest() - 1) + 1, history.next());
    }

    private static long number(String text, long otherwise) {
        try {
            return text == null ? otherwise : Math.max(0, Long.parseLong(text.trim()));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
