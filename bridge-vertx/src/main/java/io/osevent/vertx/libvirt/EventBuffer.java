package io.osevent.vertx.libvirt;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The bounded buffer between the callbacks and one listener. Not thread-safe: the stream's lock guards it. */
final class EventBuffer {

    private record Key(long order, String uuid, EventKind kind) {}

    private final int capacity;
    private final OverflowPolicy policy;
    private final Map<Key, LibvirtEvent> events = new LinkedHashMap<>();
    private long order;
    private long dropped;
    private long coalesced;

    EventBuffer(int capacity, OverflowPolicy policy) {
        this.capacity = capacity;
        this.policy = policy;
    }

    /** Adds an event; false means that the policy is to fail. */
    boolean add(LibvirtEvent event) {
        boolean coalescing = policy == OverflowPolicy.COALESCE;
        Key key = new Key(coalescing ? 0 : order++, event.uuid(), event.kind());
        if (coalescing && events.remove(key) != null) {
            coalesced++;
        }
        if (events.size() >= capacity) {
            if (policy == OverflowPolicy.FAIL) {
                return false;
            }
            poll();
            dropped++;
        }
        events.put(key, event);
        return true;
    }

    LibvirtEvent poll() {
        Iterator<LibvirtEvent> oldest = events.values().iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        LibvirtEvent event = oldest.next();
        oldest.remove();
        return event;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    int size() {
        return events.size();
    }

    long dropped() {
        return dropped;
    }

    long coalesced() {
        return coalesced;
    }

    void clear() {
        events.clear();
    }
}
