package io.osevent.agent;

import io.osevent.vertx.libvirt.LibvirtEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Counts from the first event on; the metrics library is loaded later, and reads them. */
final class EventStats {

    /**
     * What is counted apart.
     *
     * @param host the host's id
     * @param kind the event's kind
     * @param synthetic whether it was found by comparing
     */
    record Key(String host, String kind, boolean synthetic) {}

    private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();
    private final LongAdder total = new LongAdder();

    private volatile Consumer<Key> onNew = key -> {};
    private volatile BiConsumer<Key, Long> onLatency = (key, nanos) -> {};

    void record(String host, LibvirtEvent event) {
        Key key = new Key(host, event.kind().id(), event.synthetic());
        LongAdder count = counts.get(key);
        if (count == null) {
            count = counts.computeIfAbsent(key, ignored -> new LongAdder());
            onNew.accept(key);
        }
        count.increment();
        total.increment();
        if (!event.synthetic() && event.receivedNanos() != LibvirtEvent.UNKNOWN_NANOS) {
            onLatency.accept(key, System.nanoTime() - event.receivedNanos());
        }
    }

    long total() {
        return total.sum();
    }

    long count(Key key) {
        LongAdder count = counts.get(key);
        return count == null ? 0 : count.sum();
    }

    /** Sets who is told of new keys and of latencies; keys already known are told at once. */
    void attach(Consumer<Key> newKeys, BiConsumer<Key, Long> latencies) {
        onNew = newKeys;
        onLatency = latencies;
        counts.keySet().forEach(newKeys);
    }
}
