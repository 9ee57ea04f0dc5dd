package io.osevent.vertx.libvirt;

/** What a full buffer of events does. */
public enum OverflowPolicy {
    /** The oldest event goes; the counter tells how many went. */
    DROP_OLDEST,
    /** Only the newest waiting event of each domain and kind is kept; beyond the capacity, the oldest goes. */
    COALESCE,
    /** The stream ends, its exception handler is told. */
    FAIL
}
