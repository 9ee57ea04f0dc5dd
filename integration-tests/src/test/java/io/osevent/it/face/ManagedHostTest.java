package io.osevent.it.face;

import static io.osevent.it.face.Waiting.get;
import static io.osevent.it.face.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.it.libvirt.Guest;
import io.osevent.it.libvirt.LibvirtdRig;
import io.osevent.vertx.LibvirtEventLoop;
import io.osevent.vertx.libvirt.DomainAction;
import io.osevent.vertx.libvirt.DomainState;
import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.EventStreamOptions;
import io.osevent.vertx.libvirt.HostState;
import io.osevent.vertx.libvirt.HostStatus;
import io.osevent.vertx.libvirt.LibvirtConnectOptions;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.osevent.vertx.libvirt.LibvirtEvent;
import io.osevent.vertx.libvirt.ManagedHost;
import io.osevent.vertx.libvirt.ManagedHostOptions;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hosts that come back, against a real libvirtd with QEMU guests. */
class ManagedHostTest {

    private final List<LibvirtEvent> events = new CopyOnWriteArrayList<>();
    private final List<HostStatus> statuses = new CopyOnWriteArrayList<>();

    private Vertx vertx;
    private LibvirtEventLoop loop;
    private LibvirtdRig rig;
    private ManagedHost host;

    @BeforeEach
    void start() throws Exception {
        rig = LibvirtdRig.start();
        vertx = Vertx.vertx();
        loop = get(LibvirtEventLoop.install(vertx));
        LibvirtConnection.silenceStandardError();
    }

    @AfterEach
    void stop() throws Exception {
        if (host != null) {
            get(host.close());
        }
        if (loop != null) {
            get(loop.close());
            // Whoever watches libvirt's loop next finds nothing of this test.
            assertEquals(0, loop.stats().unfinished(), () -> String.join(", ", loop.registrations()));
        }
        if (vertx != null) {
            get(vertx.close());
        }
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void whatChangedDuringAnOutageIsToldAfterwards() throws Exception {
        watch("qemu", new LibvirtConnectOptions(rig.uri("qemu")));
        define("killed", Guest.Variant.WAIT);
        define("left-alone", Guest.Variant.WAIT);
        define("off", Guest.Variant.WAIT);
        for (String name : List.of("killed", "left-alone")) {
            get(host.act(name, DomainAction.START));
        }
        // An action answers before its event comes.
        until("both are told as started", () -> started("killed") && started("left-alone"));
        events.clear();

        rig.kill9();
        until("the loss is seen", () -> !host.status().state().isConnected());
        rig.killGuest("killed");
        rig.startDaemon();
        until("the host is up again", () -> host.status().state() == HostState.UP);
        until("the kill is known", () -> state("killed") == DomainState.SHUTOFF);

        assertEquals(freshList(), knownList());
        assertEquals(DomainState.RUNNING, state("left-alone"));
        assertEquals(2, host.connects());
        List<LibvirtEvent> stops =
                events.stream().filter(event -> event.type().equals("STOPPED")).toList();
        assertEquals(List.of("killed"), stops.stream().map(LibvirtEvent::name).toList());
        assertFalse(
                events.stream().anyMatch(event -> event.name().equals("left-alone")),
                "nothing happened to the guest that was left alone: " + events);
    }

    @Test
    void aDaemonThatHangsIsNoticedAndComesBack() throws Exception {
        watch("test", new LibvirtConnectOptions(rig.uri("test")).setKeepAlive(1, 2));
        rig.sigstop();
        until("the host counts as lost", () -> statuses.stream().anyMatch(s -> s.state() == HostState.DOWN));
        rig.sigcont();
        until("the host is up again", () -> host.status().state() == HostState.UP && host.connects() == 2);
    }

    @Test
    void aSlowAnswerDegradesAndAQuickOneHeals() throws Exception {
        host = ManagedHost.start(
                        vertx,
                        "slow",
                        new ManagedHostOptions(new LibvirtConnectOptions(rig.uri("test")).setKeepAlive(0, 0))
                                .setProbe(Duration.ofMillis(100), Duration.ofMillis(200)))
                .statusHandler(statuses::add);
        until("up", () -> host.status().state() == HostState.UP);
        rig.sigstop();
        until("degraded", () -> host.status().state() == HostState.DEGRADED);
        rig.sigcont();
        until("up again", () -> host.status().state() == HostState.UP);
        assertEquals(1, host.connects(), "the connection stood all the time");
    }

    @Test
    void aDaemonThatStartsLaterIsFound() throws Exception {
        rig.terminate();
        host = ManagedHost.start(vertx, "later", quick(new LibvirtConnectOptions(rig.uri("test"))))
                .statusHandler(statuses::add);
        until("backing off", () -> host.status().state() == HostState.BACKING_OFF);
        assertTrue(
                host.status().reason().contains("libvirt-sock"), host.status().reason());
        rig.startDaemon();
        until("up", () -> host.status().state() == HostState.UP);
        assertEquals(
                List.of("test"),
                host.domains().stream().map(DomainSummary::name).toList());
    }

    @Test
    void manyOutagesLeaveNothingBehind() throws Exception {
        watch("test", new LibvirtConnectOptions(rig.uri("test")));
        get(host.act("test", DomainAction.SUSPEND));
        until("paused", () -> state("test") == DomainState.PAUSED);
        for (int i = 2; i <= 5; i++) {
            int connects = i;
            rig.kill9();
            until("the loss is seen", () -> !host.status().state().isConnected());
            rig.startDaemon();
            until("up again", () -> host.status().state() == HostState.UP && host.connects() == connects);
            // The test driver forgets: its domain runs again, and nobody sent an event for that.
            assertEquals(DomainState.RUNNING, state("test"));
            get(host.act("test", DomainAction.SUSPEND));
            until("paused again", () -> state("test") == DomainState.PAUSED);
        }
        assertEquals(
                4,
                events.stream()
                        .filter(event -> event.synthetic() && event.type().equals("RESUMED"))
                        .count());
    }

    private void watch(String id, LibvirtConnectOptions connect) throws Exception {
        host = ManagedHost.start(vertx, id, quick(connect)).statusHandler(statuses::add);
        host.events(new EventStreamOptions()).handler(events::add);
        until("the host is up", () -> host.status().state() == HostState.UP);
    }

    private static ManagedHostOptions quick(LibvirtConnectOptions connect) {
        return new ManagedHostOptions(connect).setBackoff(Duration.ofMillis(50), Duration.ofMillis(400));
    }

    private void define(String name, Guest.Variant variant) throws Exception {
        String xml = rig.guest(name, variant).xml();
        get(host.connection().call("define " + name, connect -> {
            connect.domainDefineXML(xml).free();
            return null;
        }));
    }

    private boolean started(String name) {
        return events.stream()
                .anyMatch(event -> event.name().equals(name) && event.type().equals("STARTED"));
    }

    private DomainState state(String name) {
        return host.domains().stream()
                .filter(domain -> domain.name().equals(name))
                .map(DomainSummary::state)
                .findFirst()
                .orElse(DomainState.NOSTATE);
    }

    private Map<String, DomainState> knownList() {
        Map<String, DomainState> known = new TreeMap<>();
        host.domains().forEach(domain -> known.put(domain.name(), domain.state()));
        return known;
    }

    private Map<String, DomainState> freshList() throws Exception {
        LibvirtConnection fresh = get(LibvirtConnection.open(vertx, new LibvirtConnectOptions(rig.uri("qemu"))));
        Map<String, DomainState> found = new TreeMap<>();
        get(fresh.domains()).forEach(domain -> found.put(domain.name(), domain.state()));
        get(fresh.close());
        return found;
    }
}
