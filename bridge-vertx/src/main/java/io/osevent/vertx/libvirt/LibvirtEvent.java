package io.osevent.vertx.libvirt;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;

/**
 * One event of a domain.
 *
 * @param kind the kind
 * @param uuid the domain's UUID, as text
 * @param name the domain's name
 * @param type what happened: a {@link LifecycleType} by name, or the kind's own word
 * @param detail why, or an empty string
 * @param attributes what else libvirt told, such as the path of a disk
 * @param time the wall clock when libvirt's callback ran
 * @param receivedNanos {@link System#nanoTime()} when libvirt's callback ran, to measure latency by, or
 *     {@link #UNKNOWN_NANOS}
 * @param synthetic true if nothing was received: the change was found by comparing lists after an outage
 */
public record LibvirtEvent(
        EventKind kind,
        String uuid,
        String name,
        String type,
        String detail,
        Map<String, String> attributes,
        Instant time,
        long receivedNanos,
        boolean synthetic) {

    /** Stands for {@code receivedNanos} where that is not known. */
    public static final long UNKNOWN_NANOS = Long.MIN_VALUE;

    static LibvirtEvent now(
            EventKind kind, String uuid, String name, String type, String detail, Map<String, String> attributes) {
        return new LibvirtEvent(kind, uuid, name, type, detail, attributes, Instant.now(), System.nanoTime(), false);
    }

    static LibvirtEvent missed(LifecycleType type, DomainSummary domain) {
        return new LibvirtEvent(
                EventKind.LIFECYCLE,
                domain.uuid(),
                domain.name(),
                type.name(),
                "MISSED",
                Map.of(),
                Instant.now(),
                System.nanoTime(),
                true);
    }

    /**
     * Returns the type of a life-cycle event.
     *
     * @return the type, {@link LifecycleType#UNKNOWN} for other kinds
     */
    public LifecycleType lifecycle() {
        return kind == EventKind.LIFECYCLE ? LifecycleType.valueOf(type) : LifecycleType.UNKNOWN;
    }

    /**
     * Returns the event as JSON.
     *
     * @return a new object
     */
    public JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("time", time.toString())
                .put("kind", kind.id())
                .put("domain", name)
                .put("uuid", uuid)
                .put("type", type)
                .put("detail", detail);
        if (!attributes.isEmpty()) {
            JsonObject more = new JsonObject();
            attributes.forEach(more::put);
            json.put("attributes", more);
        }
        return json.put("synthetic", synthetic);
    }
}
