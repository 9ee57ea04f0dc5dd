package io.osevent.it.agent;

import io.osevent.it.libxl.Report;
import io.osevent.it.libxl.Rig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plays inside rig A with an agent that watches libvirt's built-in driver and the rig's Xen, in one process. */
public final class AgentInRig {

    private static final String TOKEN = "only-for-this-test";
    private static final String XEN = "libxl-system";
    private static final String TEST = "test-default";
    private static final int POWEROFF = 0;
    private static final int CRASH = 3;

    private final AgentProcess agent;
    private final Rig rig;

    private AgentInRig(AgentProcess agent, Rig rig) {
        this.agent = agent;
        this.rig = rig;
    }

    /**
     * Exits with 1 if anything failed.
     *
     * @param arguments a directory to write to
     */
    public static void main(String[] arguments) throws Exception {
        Report report = new Report(false);
        report.attempt("all plays of the agent", () -> play(Path.of(arguments[0]), report));
        System.exit(report.end() ? 0 : 1);
    }

    private static void play(Path directory, Report report) throws Exception {
        Path token = Files.writeString(directory.resolve("token"), TOKEN + "\n");
        // libxl in the agent finds the rig's edge instead of the hypervisor's; it is the agent itself that runs.
        Map<String, String> edge = Map.of("LD_PRELOAD", Rig.bin("libxenstub.so"));
        try (Rig rig = new Rig();
                AgentProcess agent = AgentProcess.launch(
                        edge,
                        "--listen",
                        "127.0.0.1:0",
                        "--connect",
                        "test:///default",
                        "--connect",
                        "libxl:///system",
                        "--token-file",
                        token.toString())) {
            try {
                AgentInRig plays = new AgentInRig(agent, rig);
                report.attempt("the agent watches both", plays::watchesBoth);
                report.attempt("a guest powers off", plays::powersOff);
                report.attempt("a guest crashes", plays::crashes);
                report.attempt("actions", plays::actions);
                report.attempt("what cannot be", plays::refusals);
                report.attempt("metrics", plays::metrics);
                report.attempt("xenstored dies", plays::xenstoredDies);
            } finally {
                // What it said is of use only if something failed; the test shows all of it then.
                System.out.println(agent.output());
            }
        }
    }

    private void watchesBoth() throws Exception {
        for (String host : List.of(TEST, XEN)) {
            Waits.until(host + " is up", () -> state(host).equals("up"));
        }
        check(agent.get("/health").statusCode() == 200, "all is well");
        JsonObject dom0 = domain("Domain-0").orElseThrow();
        check(dom0.getString("host").equals(XEN) && dom0.getString("state").equals("running"), dom0.encode());
        check(domain("test").orElseThrow().getString("host").equals(TEST), "libvirt's guest is there");
    }

    /** Everything that can be seen of a guest that comes and goes by itself. */
    private void powersOff() throws Exception {
        try (EventReader events = agent.events("")) {
            int domid = rig.createDomain();
            expect(events, domid, "STARTED MISSED", true);
            check(stateOf(domid).equals("running"), "it runs");
            rig.shutdownGuest(domid, POWEROFF);
            expect(events, domid, "SHUTDOWN FINISHED", false);
            Waits.until("it has stopped", () -> stateOf(domid).equals("shutdown"));
            rig.removeDomain(domid);
            expect(events, domid, "STOPPED SHUTDOWN", false);
            Waits.until("it is gone", () -> stateOf(domid).equals("absent"));
        }
    }

    private void crashes() throws Exception {
        try (EventReader events = agent.events("")) {
            int domid = rig.createDomain();
            expect(events, domid, "STARTED MISSED", true);
            rig.shutdownGuest(domid, CRASH);
            expect(events, domid, "CRASHED PANICKED", false);
            rig.removeDomain(domid);
            expect(events, domid, "STOPPED CRASHED", false);
        }
    }

    private void actions() throws Exception {
        try (EventReader events = agent.events("")) {
            int domid = rig.createDomain();
            expect(events, domid, "STARTED MISSED", true);
            check(act(domid, "suspend", 200).getString("state").equals("paused"), "it is paused");
            // libxl tells nobody of a pause: it is found by listing.
            expect(events, domid, "SUSPENDED MISSED", true);
            act(domid, "suspend", 409);
            act(domid, "shutdown", 409);
            check(act(domid, "resume", 200).getString("state").equals("running"), "it runs");
            expect(events, domid, "RESUMED MISSED", true);
            act(domid, "start", 409);
            check(act(domid, "destroy", 200).getString("state").equals("shutoff"), "it is off");
            expect(events, domid, "STOPPED DESTROYED", false);
            Waits.until("it is gone", () -> stateOf(domid).equals("absent"));
            JsonObject problem = act(domid, "start", 501);
            check(problem.getString("detail").contains("xl create"), problem.encode());
            act(domid, "destroy", 404);
        }
        check(
                agent.send("POST", "/api/hosts/test-default/domains/test/suspend", "Authorization", "Bearer " + TOKEN)
                                .statusCode()
                        == 200,
                "libvirt's guest is acted upon in the same process");
    }

    private void refusals() throws Exception {
        HttpResponse<String> anonymous = agent.send("POST", path("Domain-0", "destroy"));
        check(anonymous.statusCode() == 401, "a token is needed: " + anonymous.body());
        for (String action : List.of("suspend", "shutdown", "reboot", "destroy")) {
            HttpResponse<String> refused =
                    agent.send("POST", path("Domain-0", action), "Authorization", "Bearer " + TOKEN);
            check(refused.statusCode() == 409, action + " of dom0: " + refused.body());
        }
    }

    private void metrics() throws Exception {
        Waits.until("metrics", () -> agent.get("/metrics").body().contains("osevent_events_total"));
        String told = agent.get("/metrics").body();
        for (String line : List.of(
                "osevent_host_state{host=\"libxl-system\",state=\"up\"} 1",
                "osevent_domains{host=\"libxl-system\",state=\"running\"} 1",
                "osevent_host_reconnects_total{host=\"libxl-system\"} 0",
                "osevent_events_total{host=\"libxl-system\",kind=\"lifecycle\",synthetic=\"false\"}")) {
            check(told.contains(line), line + " in " + told);
        }
    }

    /** Nothing tells of it; a sign of life is missed. */
    private void xenstoredDies() throws Exception {
        try (EventReader events = agent.events("")) {
            ProcessHandle.of(Long.parseLong(System.getenv("RIG_A_XENSTORED_PID")))
                    .orElseThrow()
                    .destroyForcibly();
            EventReader.Frame down = events.next("host");
            while (!down.data().getString("host").equals(XEN)
                    || !down.data().getString("state").equals("down")) {
                down = events.next("host");
            }
        }
        Waits.until("another attempt has failed", () -> reason(XEN).startsWith("no Xen here: "));
        Waits.until("it backs off", () -> state(XEN).equals("backing-off"));
        check(!agent.output().contains("io.osevent.libxl"), "each failure is told in one line");
        check(state(TEST).equals("up"), "libvirt's host is not affected");
        check(domain("Domain-0").orElseThrow().getBoolean("stale"), "what was known is marked");
    }

    private void expect(EventReader events, int domid, String what, boolean synthetic) throws Exception {
        EventReader.Frame frame = events.next("message");
        JsonObject data = frame.data();
        check(
                data.getString("host").equals(XEN)
                        && data.getString("domain").equals(name(domid))
                        && (data.getString("type") + " " + data.getString("detail")).equals(what)
                        && data.getBoolean("synthetic") == synthetic,
                what + " of " + name(domid) + (synthetic ? ", synthetic" : "") + " should come; it is "
                        + data.encode());
    }

    private JsonObject act(int domid, String action, int status) throws Exception {
        HttpResponse<String> answer = agent.send("POST", path(name(domid), action), "Authorization", "Bearer " + TOKEN);
        check(answer.statusCode() == status, action + " should say " + status + ": " + answer.body());
        return new JsonObject(answer.body());
    }

    private static String path(String domain, String action) {
        return "/api/hosts/" + XEN + "/domains/" + domain + "/" + action;
    }

    private static String name(int domid) {
        return "guest" + domid;
    }

    private String state(String host) throws Exception {
        return host(host).getString("state");
    }

    private String reason(String host) throws Exception {
        return host(host).getString("reason");
    }

    private JsonObject host(String id) throws Exception {
        for (Object each : new JsonArray(agent.get("/api/hosts").body())) {
            if (((JsonObject) each).getString("id").equals(id)) {
                return (JsonObject) each;
            }
        }
        throw new IllegalStateException("no host " + id);
    }

    private String stateOf(int domid) throws Exception {
        return domain(name(domid)).map(found -> found.getString("state")).orElse("absent");
    }

    private Optional<JsonObject> domain(String name) throws Exception {
        return new JsonArray(agent.get("/api/domains").body())
                .stream()
                        .map(JsonObject.class::cast)
                        .filter(each -> each.getString("name").equals(name))
                        .findFirst();
    }

    private static void check(boolean held, String what) {
        if (!held) {
            throw new AssertionError("not so: " + what);
        }
    }
}
