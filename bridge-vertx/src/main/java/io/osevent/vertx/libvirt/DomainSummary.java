package io.osevent.vertx.libvirt;

/**
 * A domain as a list shows it.
 *
 * @param uuid the UUID, as text
 * @param name the name
 * @param state the state at the time of the call
 * @param persistent whether the definition outlives the run
 */
public record DomainSummary(String uuid, String name, DomainState state, boolean persistent) {

    DomainSummary in(DomainState other) {
        return other == state ? this : new DomainSummary(uuid, name, other, persistent);
    }
}
