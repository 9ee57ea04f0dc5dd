package io.osevent.vertx.libxl;

import io.vertx.core.json.JsonObject;

/**
 * Something has happened to a domain.
 *
 * @param kind what
 * @param domid the domain
 * @param reason why it has stopped; {@link ShutdownReason#UNKNOWN} for another kind of event
 * @param drive the drive whose medium was ejected; empty for another kind of event
 */
public record DomainEvent(Kind kind, int domid, ShutdownReason reason, String drive) {
    /** What can happen. */
    public enum Kind {
        /** The guest has stopped; the domain is still there. */
        SHUTDOWN("type.domain_shutdown"),
        /** The domain has gone, or is about to. */
        DEATH("type.domain_death"),
        /** The guest has ejected a medium. */
        DISK_EJECT("type.disk_eject"),
        /** Something that this binding does not know. */
        OTHER("");

        /** libxl names the kind in the key of what only this kind has. */
        private final String key;

        Kind(String key) {
            this.key = key;
        }
    }

    /**
     * Reads what libxl writes. It leaves out whatever has its default value: a shutdown reason of 0 is a power-off.
     *
     * @param json {@code libxl_event} as JSON
     * @param drive the drive that was asked about; empty if none
     * @return the event
     */
    public static DomainEvent of(JsonObject json, String drive) {
        Kind kind = Kind.OTHER;
        for (Kind candidate : Kind.values()) {
            if (json.containsKey(candidate.key)) {
                kind = candidate;
            }
        }
        ShutdownReason reason = kind == Kind.SHUTDOWN
                ? ShutdownReason.of(json.getJsonObject(kind.key).getInteger("shutdown_reason", 0))
                : ShutdownReason.UNKNOWN;
        return new DomainEvent(kind, json.getInteger("domid", 0), reason, kind == Kind.DISK_EJECT ? drive : "");
    }
}
