package io.osevent.agent;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * One reader of the event stream: a place in the history. A slow reader falls behind in the history, not in memory;
 * if it falls out of it, it is told how many it missed.
 */
final class SseClient {

    private final HttpServerResponse response;
    private final EventHistory history;
    private long cursor;

    SseClient(HttpServerResponse response, EventHistory history, long cursor) {
        this.response = response;
        this.history = history;
        this.cursor = cursor;
        response.drainHandler(ignored -> pump());
    }

    void pump() {
        while (cursor < history.next() && !response.ended() && !response.writeQueueFull()) {
            long oldest = history.oldest();
            if (cursor < oldest) {
                JsonObject gap = new JsonObject().put("missed", oldest - cursor);
                response.write("event: gap\ndata: " + gap.encode() + "\n\n");
                cursor = oldest;
            }
            response.write(history.get(cursor++).toFrame());
        }
    }

    /** Writes something that may be missed. */
    void offer(String frame) {
        if (!response.ended() && !response.writeQueueFull()) {
            response.write(frame);
        }
    }
}
