package io.osevent.vertx.libvirt;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** How to keep a host connected. */
public final class ManagedHostOptions {

    private final HostConnector connector;
    private Duration firstBackoff = Duration.ofMillis(250);
    private Duration maxBackoff = Duration.ofSeconds(30);
    private Duration probeInterval = Duration.ofSeconds(5);
    private Duration slowProbe = Duration.ofSeconds(1);
    private Collection<DomainSummary> known = List.of();

    /**
     * Creates options.
     *
     * @param connect how to open libvirt's connection
     */
    public ManagedHostOptions(LibvirtConnectOptions connect) {
        this(LibvirtHostConnection.connector(connect));
    }

    /**
     * Creates options for a host that libvirt does not serve.
     *
     * @param connector opens the connections
     */
    public ManagedHostOptions(HostConnector connector) {
        this.connector = connector;
    }

    /**
     * Returns who opens the connections.
     *
     * @return the connector
     */
    public HostConnector getConnector() {
        return connector;
    }

    /**
     * Returns the first delay after a loss.
     *
     * @return the delay
     */
    public Duration getFirstBackoff() {
        return firstBackoff;
    }

    /**
     * Returns the longest delay between attempts.
     *
     * @return the delay
     */
    public Duration getMaxBackoff() {
        return maxBackoff;
    }

    /**
     * Sets the delays between attempts, which double from the first to the longest; jitter shortens each by up to half.
     *
     * @param first the first; the default is 250 ms
     * @param max the longest; the default is 30 s
     * @return this
     */
    public ManagedHostOptions setBackoff(Duration first, Duration max) {
        if (first.toMillis() < 1 || max.compareTo(first) < 0) {
            throw new IllegalArgumentException("back-off from " + first + " to " + max + " makes no sense");
        }
        this.firstBackoff = first;
        this.maxBackoff = max;
        return this;
    }

    /**
     * Returns the time between two probes.
     *
     * @return the time
     */
    public Duration getProbeInterval() {
        return probeInterval;
    }

    /**
     * Returns the time after which a probe's answer counts as late.
     *
     * @return the time
     */
    public Duration getSlowProbe() {
        return slowProbe;
    }

    /**
     * Sets how often the host is asked for a sign of life, and when its answer is late.
     *
     * @param interval the time between two probes; the default is 5 s
     * @param slow the time after which the host is degraded; the default is 1 s
     * @return this
     */
    public ManagedHostOptions setProbe(Duration interval, Duration slow) {
        if (interval.toMillis() < 1 || slow.toMillis() < 1) {
            throw new IllegalArgumentException("probe times must be at least 1 ms: " + interval + ", " + slow);
        }
        this.probeInterval = interval;
        this.slowProbe = slow;
        return this;
    }

    /**
     * Returns the domains as they were known before.
     *
     * @return the domains, empty if nothing was known
     */
    public Collection<DomainSummary> getKnown() {
        return known;
    }

    /**
     * Sets what another watcher of this host knew last: what differs from it at the first connection is told as missed.
     *
     * @param value the domains; the default is none, and then the first list is the base line
     * @return this
     */
    public ManagedHostOptions setKnown(Collection<DomainSummary> value) {
        this.known = List.copyOf(value);
        return this;
    }
}
