package io.osevent.vertx.libvirt;

import java.time.Instant;

/**
 * What is to be said about a host.
 *
 * @param state the state
 * @param reason why, in one line; empty if there is nothing to say
 * @param since when the state was entered
 */
public record HostStatus(HostState state, String reason, Instant since) {

    static HostStatus now(HostState state, String reason) {
        return new HostStatus(state, reason, Instant.now());
    }
}
