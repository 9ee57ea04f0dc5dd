package io.osevent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {

    @TempDir
    private Path directory;

    @Test
    void everyKeyIsRead() throws Exception {
        Files.writeString(directory.resolve("secret"), "long enough a token\n");
        Files.writeString(directory.resolve("cert.pem"), "c");
        Files.writeString(directory.resolve("key.pem"), "k");
        AgentConfig config = read("""
                listen: 0.0.0.0:9090
                names: [agent.example.org]
                read-only: false
                anonymous-read: true
                history: 500
                heartbeat: 2s
                hosts:
                  - uri: test:///default
                  - id: lab
                    uri: qemu:///system
                    read-only: true
                    keepalive:
                      interval: 2
                      count: 4
                tokens:
                  - name: alice
                    role: operator
                    token-file: secret
                tls:
                  certificate: cert.pem
                  key: key.pem
                cluster:
                  name: blue
                  listen: 127.0.0.1:5801
                  members: [127.0.0.1:5802]
                """);
        assertEquals(new HostPort("0.0.0.0", 9090), config.listen());
        assertEquals(List.of("agent.example.org"), config.names());
        assertTrue(config.anonymousRead());
        assertEquals(500, config.history());
        assertEquals(Duration.ofSeconds(2), config.heartbeat());
        assertEquals(
                new HostConfig("lab", "qemu:///system", true, new KeepAlive(2, 4)),
                config.hosts().get(1));
        assertEquals(
                "alice",
                config.tokens().find("long enough a token").orElseThrow().name());
        assertEquals(directory.resolve("key.pem"), config.tls().orElseThrow().key());
        assertEquals("blue", config.cluster().orElseThrow().name());
        assertEquals("https://0.0.0.0:1/", config.url(1));
    }

    @Test
    void propertiesSayTheSame() throws Exception {
        Files.writeString(directory.resolve("secret"), "long enough a token\n");
        Files.writeString(directory.resolve("cert.pem"), "c");
        Files.writeString(directory.resolve("key.pem"), "k");
        String yaml = """
                listen: 0.0.0.0:9090
                names: [agent.example.org, "other.example.org"]
                history: 500
                hosts:
                  - uri: test:///default
                  - id: lab
                    uri: qemu+ssh://root@lab/system?no_tty=1
                    keepalive: {interval: 2, count: 4}
                tokens:
                  - {name: alice, role: operator, token-file: secret}
                tls: {certificate: cert.pem, key: key.pem}
                cluster: {name: blue, members: [127.0.0.1:5802]}
                """;
        String properties = """
                # The order of lines is of no matter.
                hosts[1].keepalive.count = 4
                listen=0.0.0.0:9090
                names[0]=agent.example.org
                names[1]: other.example.org
                  history   500
                ! A comment that ends with a backslash does not go on: \\
                hosts[0].uri=test:///default
                hosts[1].id=lab
                hosts[1].uri=qemu+ssh://root@lab/\\
                    system?no_tty=1
                hosts[1].keepalive.interval=2

                tokens[0].name=alice
                tokens[0].role=operator
                tokens[0].token-file=secret
                tls.certificate=cert.pem
                tls.key=key.pem
                cluster.name=blue
                cluster.members[0]=127.0.0.1:5802
                """;
        AgentConfig one = read(yaml);
        AgentConfig other = readProperties(properties);
        assertEquals(one.hosts(), other.hosts());
        assertEquals(one.names(), other.names());
        assertEquals(one.listen(), other.listen());
        assertEquals(one.history(), other.history());
        assertEquals(one.tls(), other.tls());
        assertEquals(one.cluster(), other.cluster());
        assertEquals(one.anonymousRead(), other.anonymousRead());
        assertTrue(other.tokens().find("long enough a token").isPresent());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lisen=x | 1: lisen: no such key",
                "'# one\n\nhistory=many' | 3: history: 'many' is not a number",
                "'hosts[0].id=a' | 1: hosts[0]: the key 'uri' is missing",
                "'listen=127.0.0.1:1\nhosts[0].id=a\nhosts[0].uri=nonsense' | 3: hosts[0].uri: 'nonsense' is not a libvirt URI",
                "'hosts[1].uri=test:///default' | 1: hosts[0]: missing; a list counts from 0",
                "hosts=test:///default | 1: hosts: a list belongs here",
                "listen[0]=127.0.0.1:1 | 1: listen: a single value belongs here",
                "'listen=127.0.0.1:1\nlisten=127.0.0.1:2' | 2: listen: given twice",
                "'tls=a\ntls.key=b' | 1: tls: one of a value, a list and a group",
                "hosts.[0]=a | 1: hosts.[0]: a key looks like",
                "hosts[0]uri=a | 1: hosts[0]uri: a key looks like",
                "tls.=a | 1: tls.: a key looks like",
                "history=\\u00zz | 1: not properties",
                "'# nothing' | 1: the file is empty"
            })
    void errorsInPropertiesNameLineAndKey(String text, String words) {
        UserError error =
                assertThrows(UserError.class, () -> readProperties(text.strip().replace("\\n", "\n")));
        assertTrue(error.getMessage().contains(words.strip()), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    private AgentConfig readProperties(String text) throws Exception {
        Path file = directory.resolve("agent.properties");
        Files.writeString(file, text);
        return ConfigFile.read(file);
    }

    @Test
    void lookingNeedsATokenBeyondThisMachine() throws Exception {
        String tokens = "tokens:\n  - {name: a, role: viewer, token: 12345678}\n";
        assertFalse(read("listen: 0.0.0.0:1\n" + tokens).anonymousRead());
        assertTrue(read("listen: 127.0.0.1:1\n" + tokens).anonymousRead());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lisen: x | 1: lisen: no such key",
                "listen: 8080 | 1: listen: '8080' is not HOST:PORT",
                "history: many | 1: history: 'many' is not a number",
                "heartbeat: 15 | 1: heartbeat: '15' is not a time",
                "heartbeat: 0s | 1: heartbeat: the time must not be zero",
                "read-only: maybe | 1: read-only: 'maybe' is neither true nor false",
                "hosts: [] | 1: hosts: no host is listed",
                "hosts: test | 1: hosts: a list belongs here",
                "'hosts:\\n  - id: a' | 2: hosts[0]: the key 'uri' is missing",
                "'hosts:\\n  - uri: nonsense' | 2: hosts[0].uri: 'nonsense' is not a libvirt URI",
                "'tokens:\\n  - name: a\\n    role: viewer' | 2: tokens[0].name: either 'token' or 'token-file'",
                "'tokens:\\n  - {name: a, role: viewer, token: short}' | 2: tokens[0].token: a token has at least",
                "'tls:\\n  certificate: none.pem\\n  key: none.pem' | 2: tls.certificate: cannot read",
                "'listen: 127.0.0.1:1\\nlisten: 127.0.0.1:2' | 2: listen: given twice",
                "'a: [' | not YAML",
                "'' | 1: the file is empty"
            })
    void errorsNameLineAndKey(String text, String words) {
        UserError error = assertThrows(UserError.class, () -> read(text.strip().replace("\\n", "\n")));
        assertTrue(error.getMessage().contains(words.strip()), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    private AgentConfig read(String text) throws Exception {
        Path file = directory.resolve("agent.yaml");
        Files.writeString(file, text);
        return ConfigFile.read(file);
    }
}
