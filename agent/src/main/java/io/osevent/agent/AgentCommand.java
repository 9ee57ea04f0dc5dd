package io.osevent.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. */
@Command(
        name = "agent",
        sortOptions = false,
        description = "Watches the guests of libvirt hosts: events on the terminal, a page, an API, a stream.",
        footer = {
            "",
            "Without options: connects to test:///default (guests simulated by libvirt itself) and serves",
            "http://127.0.0.1:8080/. Actions on anything but test: URIs need a token."
        })
final class AgentCommand {

    @Option(
            names = "--connect",
            paramLabel = "URI",
            description = "A libvirt URI, such as qemu:///system; may be repeated. Default: test:///default")
    private List<String> connect = new ArrayList<>();

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where to serve. Default: 127.0.0.1:8080")
    private String listen;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file whose first line is the token that allows actions.")
    private Path tokenFile;

    @Option(names = "--read-only", description = "Refuse all actions, and connect read-only.")
    private boolean readOnly;

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

    AgentConfig toConfig() {
        List<HostConfig> hosts = new ArrayList<>();
        for (String uri : connect.isEmpty() ? List.of("test:///default") : connect) {
            hosts.add(checked("--connect", () -> HostConfig.of(uri, readOnly)));
        }
        HostPort where = checked("--listen", () -> HostPort.parse(listen == null ? "127.0.0.1:8080" : listen));
        return new AgentConfig(
                HostConfig.distinct(hosts), where, List.of(), TokenFile.read(tokenFile), readOnly, 10_000, 15_000);
    }

    private static <T> T checked(String option, java.util.function.Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new UserError(UserError.USAGE, option + ": " + e.getMessage());
        }
    }
}
