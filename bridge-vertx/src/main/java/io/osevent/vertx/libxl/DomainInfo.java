package io.osevent.vertx.libxl;

import io.vertx.core.json.JsonObject;

/**
 * What the hypervisor knows of a domain.
 *
 * @param domid its number, never used twice while the host runs
 * @param uuid its UUID
 * @param type how it is virtualised: PV, or HVM for all others
 * @param running true if one of its processors is running at this moment
 * @param blocked true if all of them wait
 * @param paused true if it was paused
 * @param shutdown true if it has stopped, for {@code reason}, and is still there
 * @param dying true if it is being taken down
 * @param reason why it has stopped
 * @param memoryKiB its memory
 * @param maxMemoryKiB the most that it may have
 * @param cpuTimeNanos processor time that it has used
 * @param vcpus its processors that are online
 */
public record DomainInfo(
        int domid,
        String uuid,
        DomainType type,
        boolean running,
        boolean blocked,
        boolean paused,
        boolean shutdown,
        boolean dying,
        ShutdownReason reason,
        long memoryKiB,
        long maxMemoryKiB,
        long cpuTimeNanos,
        int vcpus) {

    /**
     * Reads what libxl writes. It leaves out whatever has its default value.
     *
     * @param json {@code libxl_dominfo} as JSON
     * @return the information
     */
    public static DomainInfo of(JsonObject json) {
        return new DomainInfo(
                json.getInteger("domid", 0),
                json.getString("uuid", ""),
                DomainType.of(json.getString("domain_type")),
                json.getBoolean("running", false),
                json.getBoolean("blocked", false),
                json.getBoolean("paused", false),
                json.getBoolean("shutdown", false),
                json.getBoolean("dying", false),
                ShutdownReason.of(json.getString("shutdown_reason")),
                json.getLong("current_memkb", 0L),
                json.getLong("max_memkb", 0L),
                json.getLong("cpu_time", 0L),
                json.getInteger("vcpu_online", 0));
    }
}
