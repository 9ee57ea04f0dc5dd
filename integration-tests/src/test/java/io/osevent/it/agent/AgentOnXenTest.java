package io.osevent.it.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.it.libxl.RigRun;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent speaks libxl beside libvirt: in rig A, and on a machine without Xen. */
@Timeout(240)
class AgentOnXenTest {

    @TestFactory
    Stream<DynamicTest> besideLibvirtInRigA(@TempDir Path directory) throws Exception {
        return RigRun.of(directory, AgentInRig.class, List.of("-XX:TieredStopAtLevel=1"), directory.toString());
    }

    @Test
    void aMachineWithoutXenSaysSoInOneLine() throws Exception {
        try (AgentProcess agent = AgentProcess.start("--connect", "test:///default", "--connect", "libxl:///system")) {
            Waits.until(
                    "the simulated host is up",
                    () -> host(agent, "test-default").getString("state").equals("up"));
            Waits.until(
                    "why there is no Xen",
                    () -> host(agent, "libxl-system").getString("reason").startsWith("no "));
            String reason = host(agent, "libxl-system").getString("reason");
            assertTrue(reason.startsWith("no libxl here: ") || reason.startsWith("no Xen here: "), reason);
            Waits.until("the line", () -> agent.output().contains(reason));
            assertEquals(
                    1,
                    agent.lines().stream()
                            .filter(line -> line.contains("libxl-system"))
                            .count(),
                    agent.output());
            assertFalse(agent.output().contains("\tat "), agent.output());
            assertEquals(
                    401,
                    agent.send("POST", "/api/hosts/libxl-system/domains/any/destroy")
                            .statusCode());
            assertEquals(
                    200,
                    agent.send("POST", "/api/hosts/test-default/domains/test/suspend")
                            .statusCode());
        }
    }

    private static JsonObject host(AgentProcess agent, String id) throws Exception {
        for (Object each : new JsonArray(agent.get("/api/hosts").body())) {
            if (((JsonObject) each).getString("id").equals(id)) {
                return (JsonObject) each;
            }
        }
        throw new IllegalStateException("no host " + id);
    }
}
