package io.osevent.it.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.it.libvirt.Guest;
import io.osevent.it.libvirt.LibvirtdRig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libvirt.Connect;

/** A daemon killed and restarted while guests change their states: agent and virsh agree, every change was an event. */
@Timeout(180)
class AgentOutageTest {

    private LibvirtdRig rig;
    private AgentProcess agent;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        rig = LibvirtdRig.start();
        Connect connect = new Connect(rig.uri("qemu"));
        for (String name : List.of("g1", "g2", "g3", "g4", "g5")) {
            define(connect, name);
        }
        for (String name : List.of("g1", "g2", "g3", "g4")) {
            connect.domainLookupByName(name).create();
        }
        connect.close();
        Path config = directory.resolve("agent.yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:0
                hosts:
                  - {id: lab, uri: "%s"}
                """.formatted(rig.uri("qemu")));
        agent = AgentProcess.start("--config", config.toString());
        Waits.until("the agent knows all", () -> known().equals(virsh()) && known().size() == 5);
    }

    @AfterEach
    void stop() {
        if (agent != null) {
            agent.close();
        }
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void agentAndVirshAgreeAfterwards() throws Exception {
        Map<String, String> told = known();
        try (EventReader events = agent.events("")) {
            rig.kill9();
            rig.killGuest("g1");
            rig.killGuest("g2");
            rig.startDaemon();
            // The agent may or may not be back while these happen.
            Connect connect = new Connect(rig.uri("qemu"));
            connect.domainLookupByName("g1").create();
            connect.domainLookupByName("g3").suspend();
            connect.domainLookupByName("g5").undefine();
            define(connect, "g6");
            connect.close();

            Map<String, String> truth = virsh();
            assertEquals(
                    Map.of("g1", "running", "g2", "shut off", "g3", "paused", "g4", "running", "g6", "shut off"),
                    truth);
            Waits.until("the agent agrees with virsh", () -> known().equals(truth));
            while (!told.equals(truth)) {
                EventReader.Frame frame = events.next("message");
                apply(told, frame.data());
            }
        }
        assertTrue(
                agent.lines().stream().anyMatch(line -> line.endsWith("(synthetic)")),
                "g2 was killed when nobody could tell:\n" + agent.output());
    }

    /** What a reader who has nothing but the events believes. */
    private static void apply(Map<String, String> states, JsonObject event) {
        String name = event.getString("domain");
        switch (event.getString("type")) {
            case "STARTED", "RESUMED" -> states.put(name, "running");
            case "SUSPENDED" -> states.put(name, "paused");
            case "STOPPED" -> states.put(name, "shut off");
            case "DEFINED" -> states.putIfAbsent(name, "shut off");
            case "UNDEFINED" -> states.remove(name);
            default -> {
                // Nothing that virsh would show.
            }
        }
    }

    private void define(Connect connect, String name) throws Exception {
        connect.domainDefineXML(rig.guest(name, Guest.Variant.WAIT).xml()).free();
    }

    private Map<String, String> known() throws Exception {
        Map<String, String> states = new TreeMap<>();
        for (Object each : new JsonArray(agent.get("/api/domains").body())) {
            JsonObject domain = (JsonObject) each;
            String state = domain.getString("state");
            states.put(domain.getString("name"), state.equals("shutoff") ? "shut off" : state);
        }
        return states;
    }

    private Map<String, String> virsh() throws Exception {
        Process virsh = new ProcessBuilder("virsh", "-q", "-c", rig.uri("qemu"), "list", "--all")
                .redirectErrorStream(true)
                .start();
        String said = new String(virsh.getInputStream().readAllBytes());
        assertTrue(virsh.waitFor(30, TimeUnit.SECONDS) && virsh.exitValue() == 0, said);
        Map<String, String> states = new TreeMap<>();
        said.lines().map(String::trim).filter(line -> !line.isEmpty()).forEach(line -> {
            String[] words = line.split("\\s{2,}|(?<=^-)\\s+");
            states.put(words[1], words[2]);
        });
        return states;
    }
}
