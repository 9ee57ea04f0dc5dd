package io.osevent.agent;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the configuration file: YAML, or properties if its name says so. */
final class ConfigFile {

    private static final String PROPERTIES = ".properties";

    private static final Set<String> KEYS = Set.of(
            "hosts",
            "listen",
            "names",
            "tokens",
            "anonymous-read",
            "read-only",
            "history",
            "heartbeat",
            "tls",
            "cluster");
    private static final Set<String> HOST_KEYS = Set.of("id", "uri", "read-only", "keepalive");
    private static final Set<String> KEEPALIVE_KEYS = Set.of("interval", "count");
    private static final Set<String> TOKEN_KEYS = Set.of("name", "role", "token", "token-file");
    private static final Set<String> TLS_KEYS = Set.of("certificate", "key");
    private static final Set<String> CLUSTER_KEYS = Set.of("name", "listen", "members");

    private final ConfigSection top;
    private final Path directory;

    private ConfigFile(ConfigSection top, Path directory) {
        this.top = top;
        this.directory = directory;
    }

    static AgentConfig read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UserError(UserError.USAGE, "--config: cannot read " + file);
        }
        Node root = file.toString().endsWith(PROPERTIES) ? PropertiesTree.read(file, text) : yaml(file, text);
        if (root == null) {
            throw new UserError(UserError.USAGE, file + ":1: the file is empty");
        }
        Path parent = file.toAbsolutePath().getParent();
        return new ConfigFile(new ConfigSection(file, "", root, KEYS), parent).toConfig();
    }

    private static Node yaml(Path file, String text) {
        try {
            return new Yaml(new LoaderOptions()).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new UserError(UserError.USAGE, file + ":" + line + ": not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new UserError(UserError.USAGE, file + ":1: not YAML: " + e.getMessage());
        }
    }

    private AgentConfig toConfig() {
        boolean readOnly = top.get("read-only", false, ConfigFile::bool);
        List<HostConfig> hosts = new ArrayList<>();
        for (ConfigSection section : top.sections("hosts", HOST_KEYS)) {
            hosts.add(host(section, readOnly));
        }
        if (top.has("hosts") && hosts.isEmpty()) {
            throw top.errorAt("hosts", "no host is listed");
        }
        HostPort listen = top.get("listen", AgentConfig.DEFAULT_LISTEN, HostPort::parse);
        Tokens tokens = new Tokens(
                top.sections("tokens", TOKEN_KEYS).stream().map(this::token).toList());
        return new AgentConfig(
                HostConfig.distinct(hosts),
                listen,
                top.list("names", name -> name),
                tokens,
                top.get("anonymous-read", listen.isLoopback() || tokens.isEmpty(), ConfigFile::bool),
                readOnly,
                top.get("history", AgentConfig.DEFAULT_HISTORY, text -> number(text, 1, 10_000_000)),
                top.get("heartbeat", AgentConfig.DEFAULT_HEARTBEAT, ConfigFile::duration),
                top.has("tls") ? Optional.of(tls(top.section("tls", TLS_KEYS))) : Optional.empty(),
                top.has("cluster") ? Optional.of(cluster(top.section("cluster", CLUSTER_KEYS))) : Optional.empty());
    }

    private static HostConfig host(ConfigSection section, boolean allReadOnly) {
        HostConfig plain = section.require("uri", uri -> HostConfig.of(uri, allReadOnly));
        String id = section.get("id", plain.id(), HostConfig::checkId);
        boolean readOnly = allReadOnly || section.get("read-only", false, ConfigFile::bool);
        KeepAlive keepAlive = KeepAlive.DEFAULT;
        if (section.has("keepalive")) {
            ConfigSection keys = section.section("keepalive", KEEPALIVE_KEYS);
            keepAlive = new KeepAlive(
                    keys.get("interval", keepAlive.interval(), text -> number(text, 0, 3600)),
                    keys.get("count", keepAlive.count(), text -> number(text, 1, 1000)));
        }
        return new HostConfig(id, plain.uri(), readOnly, keepAlive);
    }

    private Tokens.Token token(ConfigSection section) {
        String name = section.require("name", text -> text);
        Role role = section.require("role", ConfigFile::role);
        if (section.has("token") == section.has("token-file")) {
            throw section.errorAt("name", "either 'token' or 'token-file' belongs beside it");
        }
        String secret = section.has("token")
                ? section.require("token", TokenFile::check)
                : section.require("token-file", path -> TokenFile.secretIn(existing(path)));
        return new Tokens.Token(name, role, secret);
    }

    private TlsConfig tls(ConfigSection section) {
        return new TlsConfig(section.require("certificate", this::existing), section.require("key", this::existing));
    }

    private static ClusterConfig cluster(ConfigSection section) {
        ClusterConfig local = ClusterConfig.local();
        return new ClusterConfig(
                section.get("name", local.name(), HostConfig::checkId),
                section.get("listen", local.listen(), HostPort::parse),
                section.has("members") ? section.list("members", member -> member) : local.members());
    }

    /** Paths in the file are relative to the file. */
    private Path existing(String text) {
        Path path = directory.resolve(text);
        if (!Files.isReadable(path)) {
            throw new IllegalArgumentException("cannot read " + path);
        }
        return path;
    }

    private static Duration duration(String text) {
        Duration duration = Durations.parse(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException("the time must not be zero");
        }
        return duration;
    }

    private static Role role(String text) {
        for (Role role : Role.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(text)) {
                return role;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is neither viewer nor operator");
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }

    private static int number(String text, int least, int most) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException("'" + text + "' is not a number from " + least + " to " + most);
    }
}
