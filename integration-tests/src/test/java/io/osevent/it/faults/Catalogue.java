package io.osevent.it.faults;

import java.util.List;
import java.util.stream.Stream;

/** Every fault there is. Each has a line in {@code docs/operations.md}. */
final class Catalogue {
    static final List<Fault> BRIDGE = List.of(
            new Fault("fds.emfile-on-open", "the error's name", FdFaults::emfileOnOpen),
            new Fault("fds.emfile-in-process", "the error's name", FdFaults::emfileInProcess),
            new Fault("fds.refused-add", "refused", FdFaults::refusedAdd),
            new Fault("fds.refused-modify", "detached", FdFaults::refusedModify),
            new Fault("fds.failed-harvest", "harvestFailed", FdFaults::failedHarvest),
            new Fault("fds.slow-kernel", "turnEnded", FdFaults::slowKernel),
            new Fault("fds.closed-behind", "detached", FdFaults::closedBehind),
            new Fault("fds.replaced", "detached", FdFaults::replaced),
            new Fault("fds.zombie", "rebuilds", FdFaults::zombie),
            new Fault("fds.zombie-without-descriptors", "rebuilt(false)", FdFaults::zombieWithoutDescriptors),
            new Fault("fds.churn", "registered, finalized", FdFaults::churn),
            new Fault("time.wall-clock-jumps", "timeouts", TimeFaults::wallClockJumps),
            new Fault("time.blocked-loop", "slowCallback", TimeFaults::blockedLoop),
            new Fault("time.slow-among-many", "slowCallback", TimeFaults::slowAmongMany),
            new Fault("callbacks.throwing", "callbackFailed", CallbackFaults::throwing),
            new Fault("callbacks.recursing", "callbackFailed", CallbackFaults::recursing),
            new Fault("callbacks.removes-itself", "finalized", CallbackFaults::removesItself),
            new Fault("callbacks.removes-another", "finalized", CallbackFaults::removesAnother),
            new Fault("callbacks.finalizer-chain", "finalized", CallbackFaults::finalizerChain),
            new Fault("callbacks.closes-the-bridge", "refused", CallbackFaults::closesTheBridge),
            new Fault("callbacks.closes-vertx", "isActive", CallbackFaults::closesVertx));

    static final List<Fault> LIBVIRT = List.of(
            new Fault("libvirt.killed", "close reason EOF", DaemonFaults::killed),
            new Fault("libvirt.stopped", "close reason KEEPALIVE", DaemonFaults::stopped),
            new Fault("libvirt.restarted", "osevent_host_reconnects", DaemonFaults::restarted),
            new Fault("libvirt.slow", "osevent_host_state degraded", DaemonFaults::slow),
            new Fault("libvirt.refusing", "osevent_host_state backing-off", DaemonFaults::refusing),
            new Fault("libvirt.socket-removed", "osevent_host_state", DaemonFaults::socketRemoved),
            new Fault("libvirt.full", "osevent_host_state down", DaemonFaults::full),
            new Fault("libvirt.many-dropped", "close reason EOF", DaemonFaults::manyDropped),
            new Fault("libvirt.emfile-on-connect", "osevent_host_state down", DaemonFaults::emfileOnConnect),
            new Fault("libvirt.listener-throws", "the context's exception handler", ListenerFaults::throwing),
            new Fault("libvirt.listener-calls-back", "slowCallback", ListenerFaults::callingBack),
            new Fault("libvirt.listeners-remove-each-other", "finalized", ListenerFaults::removingEachOther),
            new Fault("libvirt.listener-closes-the-loop", "isActive", ListenerFaults::closingTheLoop),
            new Fault("libvirt.listener-closes-vertx", "isActive", ListenerFaults::closingVertx),
            new Fault("libvirt.flood", "osevent_events_dropped_total", ListenerFaults::flood));

    static final List<Fault> LIFE = List.of(
            new Fault("life.undeploy", "isActive", LifeFaults::undeploy),
            new Fault("life.vertx-closes", "isActive", LifeFaults::vertxCloses),
            new Fault("life.jvm-returns", "exit status", LifeFaults::jvmReturns),
            new Fault("life.jvm-exits", "exit status", LifeFaults::jvmExits),
            new Fault("life.exit-in-callback", "exit status", LifeFaults::exitInCallback),
            new Fault("life.terminated", "exit status", LifeFaults::terminated));

    static final List<Fault> AGENT = List.of(
            new Fault("http.slow-readers", "osevent_stream_readers", HttpFaults::slowReaders),
            new Fault("http.vanishing-readers", "osevent_stream_readers", HttpFaults::vanishingReaders),
            new Fault("http.malformed", "status 4xx", HttpFaults::malformed),
            new Fault("http.oversized", "status 4xx", HttpFaults::oversized),
            new Fault("http.path-tricks", "status 4xx", HttpFaults::pathTricks),
            new Fault("http.header-flood", "status 4xx", HttpFaults::headerFlood),
            new Fault("http.dns-rebinding", "status 421", HttpFaults::dnsRebinding),
            new Fault("http.cross-origin", "status 403", HttpFaults::crossOrigin),
            new Fault("http.api-fuzz", "status 4xx", HttpFaults::apiFuzz),
            new Fault("agent.terminated", "exit status", AgentFaults::terminated),
            new Fault("agent.stalled-output", "osevent_output_dropped_total", AgentFaults::stalledOutput),
            new Fault("agent.config-fuzz", "exit status", AgentFaults::configFuzz),
            // Last: the agent's idle time-out passes while the others run.
            new Fault("http.slow-requests", "open sockets", HttpFaults::slowRequests));

    /** Tried in the build by {@code RigATest}. */
    static final List<Fault> LIBXL = List.of(
            new Fault("libxl.closed-at-each-step", "the report of close()", LibxlFaults::closedAtEachStep),
            new Fault("libxl.closed-beside", "the report of close()", LibxlFaults::closedBeside),
            new Fault("libxl.silent-backend", "the operation's error", LibxlFaults::silentBackend),
            new Fault("libxl.failing-hook", "the operation's error", LibxlFaults::failingHook),
            new Fault("libxl.disaster", "the disaster handler", LibxlFaults::disaster),
            new Fault("libxl.never-freed", "the report of close()", LibxlFaults::neverFreed),
            new Fault("libxl.xenstored-killed", "the operation's error", LibxlFaults::xenstoredKilled));

    static final List<Fault> ALL =
            Stream.of(BRIDGE, LIBVIRT, LIFE, AGENT, LIBXL).flatMap(List::stream).toList();

    private Catalogue() {}
}
