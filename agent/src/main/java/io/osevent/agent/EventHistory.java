package io.osevent.agent;

import io.vertx.core.json.JsonObject;

/**
 * The latest events by number, in a ring. It serves those who come back with the last number they saw, and it is the
 * buffer of those who read slowly. Used on one event loop.
 */
final class EventHistory {

    private final HistoryEntry[] ring;
    private final long firstId;
    private long nextId;

    EventHistory(int capacity, long firstId) {
        this.ring = new HistoryEntry[capacity];
        this.firstId = firstId;
        this.nextId = firstId;
    }

    /** Numbers go on growing across restarts, so that a number from an earlier run is seen to be old. */
    static EventHistory create(int capacity) {
        return new EventHistory(capacity, System.currentTimeMillis() * 1000);
    }

    HistoryEntry add(String name, JsonObject data) {
        long id = nextId++;
        HistoryEntry entry = new HistoryEntry(id, name, data.put("id", id).encode());
        ring[index(id)] = entry;
        return entry;
    }

    /** The oldest number that can still be sent. */
    long oldest() {
        return Math.max(firstId, nextId - ring.length);
    }

    /** The number that the next event will get. */
    long next() {
        return nextId;
    }

    HistoryEntry get(long id) {
        if (id < oldest() || id >= nextId) {
            throw new IllegalArgumentException("no event " + id + " between " + oldest() + " and " + nextId);
        }
        return ring[index(id)];
    }

    private int index(long id) {
        return (int) ((id - firstId) % ring.length);
    }
}
