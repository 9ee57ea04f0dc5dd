package io.osevent.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. What it says goes before what the file says. */
@Command(
        name = "agent",
        sortOptions = false,
        usageHelpWidth = 100,
        usageHelpAutoWidth = true,
        description =
                "Watches the guests of libvirt hosts and of Xen: events on the terminal, a page, an API, a stream.",
        footer = {
            "",
            "Without options: connects to test:///default (guests simulated by libvirt itself) and",
            "serves http://127.0.0.1:8080/. Actions on anything but test: URIs need a token."
        })
final class AgentCommand {

    private static final String DEFAULT_URI = "test:///default";

    @Option(
            names = "--connect",
            paramLabel = "URI",
            description =
                    "A libvirt URI, such as qemu:///system; or libxl:///system, which is this machine's Xen without"
                            + " libvirt. May be repeated. Default: " + DEFAULT_URI)
    private List<String> connect = new ArrayList<>();

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where to serve. Default: 127.0.0.1:8080")
    private String listen;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A YAML or .properties file with all of this and more.")
    private Path config;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file whose first line is the token that allows actions.")
    private Path tokenFile;

    @Option(names = "--read-only", description = "Refuse all actions, and connect read-only.")
    private boolean readOnly;

    @Option(names = "--cluster", description = "Join the other agents on this machine, or those the file names.")
    private boolean cluster;

    @Option(names = "--selftest", description = "Show what works on this machine, and why the rest does not; then end.")
    private boolean selfTest;

    @Option(names = "--help", usageHelp = true, description = "Show this, and end.")
    private boolean help;

    @Option(names = "--version", description = "Show the versions, and end.")
    private boolean version;

    boolean help() {
        return help;
    }

    boolean version() {
        return version;
    }

    boolean selfTest() {
        return selfTest;
    }

    AgentConfig toConfig() {
        AgentConfig base = config == null ? defaults() : ConfigFile.read(config);
        HostPort where = listen == null ? base.listen() : checked("--listen", () -> HostPort.parse(listen));
        boolean noActions = readOnly || base.readOnly();
        Tokens tokens = tokenFile == null ? base.tokens() : base.tokens().with(TokenFile.operator(tokenFile));
        boolean shared = cluster || base.cluster().isPresent();
        return new AgentConfig(
                hosts(base, noActions),
                where,
                base.names(),
                tokens,
                // Beyond this machine, looking needs a token as soon as there is one.
                base.anonymousRead() && (config != null || where.isLoopback() || tokens.isEmpty()),
                noActions,
                base.history(),
                base.heartbeat(),
                base.tls(),
                shared ? Optional.of(base.cluster().orElseGet(ClusterConfig::local)) : Optional.empty());
    }

    private List<HostConfig> hosts(AgentConfig base, boolean noActions) {
        if (connect.isEmpty() && !base.hosts().isEmpty()) {
            return base.hosts().stream()
                    .map(host -> noActions ? host.toReadOnly() : host)
                    .toList();
        }
        List<HostConfig> hosts = new ArrayList<>();
        for (String uri : connect.isEmpty() ? List.of(DEFAULT_URI) : connect) {
            hosts.add(checked("--connect", () -> HostConfig.of(uri, noActions)));
        }
        return HostConfig.distinct(hosts);
    }

    private static AgentConfig defaults() {
        return new AgentConfig(
                List.of(),
                AgentConfig.DEFAULT_LISTEN,
                List.of(),
                new Tokens(List.of()),
                true,
                false,
                AgentConfig.DEFAULT_HISTORY,
                AgentConfig.DEFAULT_HEARTBEAT,
                Optional.empty(),
                Optional.empty());
    }

    private static <T> T checked(String option, Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new UserError(UserError.USAGE, option + ": " + e.getMessage());
        }
    }
}
