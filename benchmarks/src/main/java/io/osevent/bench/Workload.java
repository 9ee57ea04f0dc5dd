package io.osevent.bench;

import java.util.function.Predicate;

/**
 * One thing that is measured, the same for all peers.
 *
 * @param family the group it is reported in, and what {@code --only} names
 * @param setup what a peer does once, before the rounds
 * @param measure what it does in each round
 * @param rounds how many rounds; in each, every peer is measured once
 * @param warmUp milliseconds for which a JVM runs it before the first round
 * @param applies which peers take part
 */
record Workload(String family, String setup, String measure, int rounds, int warmUp, Predicate<PeerSpec> applies) {

    boolean remote() {
        return family.equals("remote");
    }
}
