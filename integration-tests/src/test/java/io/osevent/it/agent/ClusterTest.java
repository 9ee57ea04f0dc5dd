package io.osevent.it.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.it.libvirt.Guest;
import io.osevent.it.libvirt.LibvirtdRig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libvirt.Connect;

/** Three agents in one cluster on loopback, one of which is killed. */
@Timeout(180)
class ClusterTest {

    private static final String GUEST = "gamma";
    private static final String TOKEN = "only-for-this-test";
    private static final List<String> HOSTS = List.of("a", "b", "c");

    private final List<AgentProcess> agents = new ArrayList<>();
    private LibvirtdRig rig;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        rig = LibvirtdRig.start();
        Connect connect = new Connect(rig.uri("qemu"));
        connect.domainDefineXML(rig.guest(GUEST, Guest.Variant.WAIT).xml()).free();
        connect.close();
        int port = freePort();
        for (String host : HOSTS) {
            Path config = directory.resolve(host + ".yaml");
            // The first agent has guests with consoles, too.
            String more = host.equals("a") ? "- {id: q, uri: '" + rig.uri("qemu") + "'}" : "";
            Files.writeString(config, """
                    listen: 127.0.0.1:0
                    hosts:
                      - id: %s
                        uri: %s
                      %s
                    tokens:
                      - {name: op, role: operator, token: %s}
                    cluster:
                      name: it-%d
                      listen: 127.0.0.1:%d
                    """.formatted(
                    host, rig.uri("test"), more, TOKEN, ProcessHandle.current().pid(), port));
            agents.add(AgentProcess.start("--config", config.toString()));
        }
        for (AgentProcess agent : agents) {
            Waits.until(
                    "all hosts are up on " + agent.url(),
                    () -> states(agent).equals(Map.of("a", "up", "b", "up", "c", "up", "q", "up")));
        }
    }

    @AfterEach
    void stop() {
        agents.forEach(AgentProcess::close);
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void eachHostIsServedOnceAndTakenOverWhenItsAgentDies() throws Exception {
        for (int i = 0; i < HOSTS.size(); i++) {
            assertEquals(List.of(agents.get(i)), serving(HOSTS.get(i)), "who serves " + HOSTS.get(i));
        }
        actThroughAnother();

        AgentProcess dead = agents.remove(0);
        AgentProcess witness = agents.get(0);
        try (EventReader events = witness.events("")) {
            dead.kill();
            // Nobody watches host a when this happens.
            Connect connect = new Connect(rig.uri("test"));
            connect.domainLookupByName("test").resume();
            connect.close();
            EventReader.Frame found = events.next("message");
            while (!found.data().getString("host").equals("a")) {
                found = events.next("message");
            }
            assertEquals("RESUMED", found.data().getString("type"));
            assertTrue(found.data().getBoolean("synthetic"), "nobody received it: " + found.data());
        }
        for (AgentProcess agent : agents) {
            Waits.until(
                    "host a is up again on " + agent.url(),
                    () -> "up".equals(states(agent).get("a")));
            Waits.until("the change is known on " + agent.url(), () -> "running".equals(state(agent, "a")));
        }
        assertEquals(1, serving("a").size(), "agents that serve host a");
    }

    @Test
    void aConsoleCrossesTheClusterAndSaysSoWhenItsAgentDies() throws Exception {
        AgentProcess serving = agents.remove(0);
        try {
            AgentProcess other = agents.get(1);
            String guest = "/api/hosts/q/domains/" + GUEST;
            HttpResponse<String> started = other.send("POST", guest + "/start", "Authorization", "Bearer " + TOKEN);
            assertEquals(200, started.statusCode(), started.body());
            try (ConsoleClient console = ConsoleClient.open(other, guest + "/console", TOKEN)) {
                console.type("through the cluster");
                Waits.until("the guest's echo", () -> console.screen().contains("through the cluster"));
                serving.kill();
                Waits.until("the end", () -> console.closeCode() != 0);
                assertEquals(4503, console.closeCode(), console.closeReason());
                assertTrue(console.closeReason().contains("does not answer"), console.closeReason());
            }
            try (ConsoleClient nobody = ConsoleClient.open(other, "/api/hosts/b/domains/nobody/console", TOKEN)) {
                Waits.until("the refusal", () -> nobody.closeCode() != 0);
                assertEquals(4404, nobody.closeCode(), nobody.closeReason());
            }
        } finally {
            serving.close();
        }
    }

    /** An action on a host of the first agent through the last one, seen by the one between. */
    private void actThroughAnother() throws Exception {
        String path = "/api/hosts/a/domains/test/";
        try (EventReader events = agents.get(1).events("")) {
            HttpResponse<String> done = act(path + "suspend");
            assertEquals(200, done.statusCode(), done.body());
            assertEquals("paused", new JsonObject(done.body()).getString("state"));
            EventReader.Frame seen = events.next("message");
            while (!seen.data().getString("host").equals("a")) {
                seen = events.next("message");
            }
            assertEquals("SUSPENDED", seen.data().getString("type"));
        }
        HttpResponse<String> again = act(path + "suspend");
        assertEquals(409, again.statusCode(), again.body());
        assertEquals(404, act("/api/hosts/a/domains/nobody/start").statusCode());
        for (AgentProcess agent : agents) {
            Waits.until("the state is known on " + agent.url(), () -> "paused".equals(state(agent, "a")));
        }
    }

    private HttpResponse<String> act(String path) throws Exception {
        return agents.get(2).send("POST", path, "Authorization", "Bearer " + TOKEN);
    }

    private List<AgentProcess> serving(String host) throws Exception {
        List<AgentProcess> all = new ArrayList<>();
        for (AgentProcess agent : agents) {
            for (Object each : new JsonArray(agent.get("/api/hosts").body())) {
                JsonObject json = (JsonObject) each;
                if (json.getString("id").equals(host) && !json.containsKey("agent")) {
                    all.add(agent);
                }
            }
        }
        return all;
    }

    private static Map<String, String> states(AgentProcess agent) throws Exception {
        Map<String, String> states = new TreeMap<>();
        for (Object each : new JsonArray(agent.get("/api/hosts").body())) {
            states.put(((JsonObject) each).getString("id"), ((JsonObject) each).getString("state"));
        }
        return states;
    }

    private static String state(AgentProcess agent, String host) throws Exception {
        for (Object each : new JsonArray(agent.get("/api/domains").body())) {
            if (((JsonObject) each).getString("host").equals(host)) {
                return ((JsonObject) each).getString("state");
            }
        }
        return "absent";
    }

    /** The cluster takes this port and the two behind it. */
    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Math.min(socket.getLocalPort(), 65_000);
        }
    }
}
