package io.osevent.it.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.it.libvirt.LibvirtdRig;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may look and who may act: an agent with TLS and tokens, a real daemon behind it. */
class AgentAccessTest {

    private static final String SUSPEND = "/api/hosts/lab/domains/test/suspend";
    private static final String RESUME = "/api/hosts/lab/domains/test/resume";

    private static LibvirtdRig rig;
    private static AgentProcess agent;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        rig = LibvirtdRig.start();
        Certificates.write(directory);
        Path config = directory.resolve("agent.yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:0
                anonymous-read: false
                tls:
                  certificate: cert.pem
                  key: key.pem
                hosts:
                  - id: lab
                    uri: %s
                  - id: untouched
                    uri: test:///default
                    read-only: true
                tokens:
                  - name: alice
                    role: operator
                    token: token-of-alice
                  - name: bob
                    role: viewer
                    token: token-of-bob
                """.formatted(rig.uri("test")));
        agent = AgentProcess.start("--config", config.toString());
        Waits.until("health", () -> agent.get("/health").statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        if (agent != null) {
            agent.close();
        }
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void nobodyLooksWithoutAToken() throws Exception {
        assertEquals("https", agent.url().getScheme());
        for (String path :
                new String[] {"/api/hosts", "/api/domains", "/api/events", "/metrics", "/api/openapi.json"}) {
            assertEquals(401, agent.get(path).statusCode(), path);
            assertEquals(
                    401,
                    agent.get(path, "Authorization", "Bearer token-of-nobody").statusCode(),
                    path);
        }
        assertEquals(
                200,
                agent.get("/api/hosts", "Authorization", "Bearer token-of-bob").statusCode());
        assertEquals(200, agent.get("/health").statusCode(), "a probe needs no token");
        assertEquals(200, agent.get("/").statusCode(), "the page asks for the token");
    }

    @Test
    void onlyAnOperatorActsAndEachActionIsAudited() throws Exception {
        assertEquals(401, agent.send("POST", SUSPEND).statusCode());
        assertEquals(
                403,
                agent.send("POST", SUSPEND, "Authorization", "Bearer token-of-bob")
                        .statusCode());
        assertEquals(
                200,
                agent.send("POST", SUSPEND, "Authorization", "Bearer token-of-alice")
                        .statusCode());
        assertEquals(
                200,
                agent.send("POST", RESUME, "Authorization", "Bearer token-of-alice")
                        .statusCode());
        assertAudited("actor=bob .* host=lab domain=test action=suspend outcome=refused 403.*");
        assertAudited("actor=alice .* host=lab domain=test action=suspend outcome=ok");
        assertFalse(agent.output().contains("token-of-"), "no token in any line");
    }

    @Test
    void aReadOnlyHostIsLeftAlone() throws Exception {
        HttpResponse<String> refused = agent.send(
                "POST", "/api/hosts/untouched/domains/test/suspend", "Authorization", "Bearer token-of-alice");
        assertEquals(403, refused.statusCode());
        assertEquals("Read-only", new JsonObject(refused.body()).getString("title"));
    }

    @Test
    void aSessionStandsForItsToken() throws Exception {
        assertEquals(
                401,
                agent.send("POST", "/api/session", "Authorization", "Bearer nonsense")
                        .statusCode());
        HttpResponse<String> in = agent.send("POST", "/api/session", "Authorization", "Bearer token-of-bob");
        assertEquals(204, in.statusCode());
        String cookie = in.headers().firstValue("Set-Cookie").orElseThrow();
        for (String flag : new String[] {"HTTPOnly", "Secure", "SameSite=Strict"}) {
            assertTrue(cookie.toLowerCase().contains(flag.toLowerCase()), cookie);
        }
        String session = cookie.substring(0, cookie.indexOf(';'));
        assertEquals(200, agent.get("/api/hosts", "Cookie", session).statusCode());
        assertEquals(403, agent.send("POST", SUSPEND, "Cookie", session).statusCode(), "bob may only look");
        try (EventReader events = agent.events("", "Cookie", session)) {
            agent.send("POST", SUSPEND, "Authorization", "Bearer token-of-alice");
            assertEquals("SUSPENDED", events.next("message").data().getString("type"));
            agent.send("POST", RESUME, "Authorization", "Bearer token-of-alice");
        }
        assertEquals(
                204, agent.send("DELETE", "/api/session", "Cookie", session).statusCode());
        assertEquals(401, agent.get("/api/hosts", "Cookie", session).statusCode());
    }

    private static void assertAudited(String pattern) throws Exception {
        Waits.until(
                "audit: " + pattern,
                () -> agent.lines().stream().anyMatch(line -> line.matches("\\S+  audit  " + pattern)));
    }
}
