package io.osevent.agent;

import java.util.List;

/**
 * All that can be set.
 *
 * @param hosts the hosts to watch
 * @param listen where to serve
 * @param names names under which this agent may be reached, besides its addresses
 * @param tokens who may do what
 * @param readOnly whether all actions are refused
 * @param history the events kept for readers that come back
 * @param heartbeatMillis the time between signs of life in the event stream
 */
record AgentConfig(
        List<HostConfig> hosts,
        HostPort listen,
        List<String> names,
        Tokens tokens,
        boolean readOnly,
        int history,
        long heartbeatMillis) {}
