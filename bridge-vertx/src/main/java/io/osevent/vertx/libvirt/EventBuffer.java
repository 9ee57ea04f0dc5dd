package io.osevent.vertx.libvirt;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The bounded buffer between the callbacks and one listener. Not thread-safe: the stream's lock guards it. */
final class EventBuffer {

    private record Key(String uuid, EventKind kind) {}

    private final int capacity;
    private final OverflowPolicy policy;

    /** Events that are all to be delivered; empty if they coalesce. */
    private final ArrayDeque<LibvirtEvent> all = new ArrayDeque<>();

    /** The newest event of each domain and kind; empty unless they coalesce. */
    private final Map<Key, LibvirtEvent> newest = new LinkedHashMap<>();

    /** What waits, the oldest first: one of the two above. */
    private final Collection<LibvirtEvent> waiting;

    private long dropped;
    private long coalesced;

    EventBuffer(int capacity, OverflowPolicy policy) {
        this.capacity = capacity;
        this.policy = policy;
        this.waiting = coalesces() ? newest.values() : all;
    }

    private boolean coalesces() {
        return policy == OverflowPolicy.COALESCE;
    }

    /** Adds an event; false means that the policy is to fail. */
    boolean add(LibvirtEvent event) {
        Key key = coalesces() ? new Key(event.uuid(), event.kind()) : null;
        if (key != null && newest.remove(key) != null) {
            coalesced++;
        }
        if (waiting.size() >= capacity) {
            if (policy == OverflowPolicy.FAIL) {
                return false;
            }
            poll();
            dropped++;
        }
        if (key != null) {
            newest.put(key, event);
        } else {
            all.add(event);
        }
        return true;
    }

    LibvirtEvent poll() {
        if (!coalesces()) {
            return all.poll();
        }
        Iterator<LibvirtEvent> oldest = waiting.iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        LibvirtEvent event = oldest.next();
        oldest.remove();
        return event;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    long dropped() {
        return dropped;
    }

    long coalesced() {
        return coalesced;
    }

    void clear() {
        waiting.clear();
    }
}
