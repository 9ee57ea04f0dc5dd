package io.osevent.agent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that can be set.
 *
 * @param hosts the hosts to watch
 * @param listen where to serve
 * @param names names under which this agent may be reached, besides its addresses
 * @param tokens who may do what
 * @param anonymousRead whether looking needs no token
 * @param readOnly whether all actions are refused
 * @param history the events kept for readers that come back
 * @param heartbeat the time between signs of life in the event stream
 * @param tls the server's identity, if it speaks TLS
 * @param cluster how to join other agents, if at all
 */
record AgentConfig(
        List<HostConfig> hosts,
        HostPort listen,
        List<String> names,
        Tokens tokens,
        boolean anonymousRead,
        boolean readOnly,
        int history,
        Duration heartbeat,
        Optional<TlsConfig> tls,
        Optional<ClusterConfig> cluster) {

    static final HostPort DEFAULT_LISTEN = new HostPort("127.0.0.1", 8080);
    static final int DEFAULT_HISTORY = 10_000;
    static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(15);

    String url(int port) {
        return (tls.isPresent() ? "https://" : "http://") + new HostPort(listen.host(), port) + "/";
    }
}
