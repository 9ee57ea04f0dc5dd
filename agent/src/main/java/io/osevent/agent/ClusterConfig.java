package io.osevent.agent;

import java.util.List;

/**
 * How agents find each other.
 *
 * @param name agents of one name form one cluster
 * @param listen where this one is reached by the others; port 0 takes the first free one from 5701 on
 * @param members addresses of some others, besides those found on this machine
 */
record ClusterConfig(String name, HostPort listen, List<String> members) {

    static ClusterConfig local() {
        return new ClusterConfig("osevent", new HostPort("127.0.0.1", 5701), List.of("127.0.0.1"));
    }
}
