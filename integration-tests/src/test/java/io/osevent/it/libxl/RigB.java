package io.osevent.it.libxl;

import static io.osevent.it.libxl.Extras.check;
import static io.osevent.it.libxl.Extras.failure;
import static io.osevent.it.libxl.Extras.get;

import io.osevent.bridge.NativeContext;
import io.osevent.libxl.LibxlException;
import io.osevent.vertx.LibxlContext;
import io.osevent.vertx.LibxlOptions;
import io.osevent.vertx.LibxlWatch;
import io.osevent.vertx.libvirt.DomainAction;
import io.osevent.vertx.libvirt.DomainState;
import io.osevent.vertx.libvirt.EventStreamOptions;
import io.osevent.vertx.libvirt.LibvirtEvent;
import io.osevent.vertx.libvirt.LifecycleType;
import io.osevent.vertx.libvirt.ManagedHost;
import io.osevent.vertx.libxl.DomainConfig;
import io.osevent.vertx.libxl.DomainEvent;
import io.osevent.vertx.libxl.DomainInfo;
import io.osevent.vertx.libxl.DomainType;
import io.osevent.vertx.libxl.LibxlConnector;
import io.osevent.vertx.libxl.ShutdownReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Plays in a dom0 of genuine Xen: domains are built, run, and end in every way, with their events. Reports as
 * {@link RigA} does.
 */
public final class RigB {
    private static final String PV_KERNEL = "/rig/tinypv";
    private static final String PVH_KERNEL = "/rig/tinypvh";
    private static final int PV_MIB = 16;
    private static final int PVH_MIB = 32;
    private static final long EVENT_SECONDS = 30;
    private static final int PINGS_QUIET = 500;

    /** One emulated processor for all threads: their time slices show. */
    private static final long FLOOR_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    private final Vertx vertx;
    private final LibxlContext xen;
    private int last;

    private RigB(Vertx vertx, LibxlContext xen) {
        this.vertx = vertx;
        this.xen = xen;
    }

    /**
     * Exits with 1 if anything failed.
     *
     * @param arguments {@code --verbose}
     */
    public static void main(String[] arguments) throws Exception {
        Report report = new Report(Arrays.asList(arguments).contains("--verbose"));
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        report.attempt("all plays", () -> new RigB(vertx, get(LibxlContext.open(vertx))).play(report));
        get(vertx.close());
        System.exit(report.end() ? 0 : 1);
    }

    private void play(Report report) {
        report.attempt("questions", this::questions);
        report.attempt("a PV guest powers off", () -> ends("poweroff 200", ShutdownReason.POWEROFF));
        report.attempt("a PV guest wants to reboot", () -> ends("reboot 200", ShutdownReason.REBOOT));
        report.attempt("a PV guest crashes", () -> ends("crash 200", ShutdownReason.CRASH));
        report.attempt("a PVH guest powers off", this::pvhEnds);
        report.attempt("a guest is asked to shut down", this::obeys);
        report.attempt("a guest is paused, unpaused and destroyed", this::blocked);
        report.attempt("a kernel that is not there", this::noKernel);
        report.attempt("two contexts, and child processes of Java", this::twoContexts);
        report.attempt("the event loop while a domain is built", this::loopNotHeld);
        report.attempt("closed while a domain is built", this::closedWhileBuilding);
        report.attempt("a managed host, as the agent has it", this::managedHost);
        report.attempt("the end", this::end);
    }

    private DomainConfig guest(String mode) {
        return DomainConfig.pv("guest" + ++last)
                .kernel(PV_KERNEL)
                .memoryMiB(PV_MIB)
                .commandLine(mode);
    }

    /** A domain that was built and is watched, not yet running. */
    private static final class Watched {
        final int domid;
        final BlockingQueue<DomainEvent> events = new LinkedBlockingQueue<>();
        final LibxlWatch watch;

        Watched(LibxlContext xen, DomainConfig config) throws Exception {
            domid = get(xen.create(config));
            watch = get(xen.watchDomain(domid, events::add));
        }

        DomainEvent next() throws InterruptedException {
            DomainEvent event = events.poll(EVENT_SECONDS, TimeUnit.SECONDS);
            check(event != null, "an event within " + EVENT_SECONDS + " s");
            return event;
        }

        /** What it takes to be rid of a domain that has stopped, or of one that has not. */
        void destroy(LibxlContext xen) throws Exception {
            get(xen.destroy(domid));
            DomainEvent event = next();
            check(event.kind() == DomainEvent.Kind.DEATH && event.domid() == domid, "its death: " + event);
            get(watch.close());
        }
    }

    private void questions() throws Exception {
        List<DomainInfo> domains = get(xen.domains());
        check(domains.size() == 1 && domains.get(0).domid() == 0, "dom0 is alone: " + domains);
        check("Domain-0".equals(get(xen.domainName(0))), "it has its name");
        check(get(xen.host()).getLong("nr_cpus", 0L) == 1, "the host has one processor");
        failure(LibxlException.class, xen.domain(999));
    }

    private void ends(String mode, ShutdownReason reason) throws Exception {
        ends(guest(mode), DomainType.PV, reason);
    }

    private void pvhEnds() throws Exception {
        DomainConfig config = DomainConfig.pvh("pvh" + ++last)
                .kernel(PVH_KERNEL)
                .memoryMiB(PVH_MIB)
                .commandLine("poweroff 200");
        // To the hypervisor, what is not PV is HVM
        ends(config, DomainType.HVM, ShutdownReason.POWEROFF);
    }

    private void ends(DomainConfig config, DomainType type, ShutdownReason reason) throws Exception {
        Watched guest = new Watched(xen, config);
        DomainInfo info = get(xen.domain(guest.domid));
        check(info.paused() && info.type() == type, "built, and not yet running: " + info);
        get(xen.unpause(guest.domid));
        DomainEvent shutdown = guest.next();
        check(
                shutdown.equals(new DomainEvent(DomainEvent.Kind.SHUTDOWN, guest.domid, reason, "")),
                "it has stopped: " + shutdown);
        check(get(xen.domain(guest.domid)).reason() == reason, "the hypervisor says so, too");
        guest.destroy(xen);
    }

    private void obeys() throws Exception {
        Watched guest = new Watched(xen, guest("obey"));
        get(xen.unpause(guest.domid));
        get(xen.shutdown(guest.domid));
        DomainEvent shutdown = guest.next();
        check(shutdown.reason() == ShutdownReason.POWEROFF, "it has obeyed: " + shutdown);
        guest.destroy(xen);
    }

    private void blocked() throws Exception {
        DomainConfig config = guest("block");
        Watched guest = new Watched(xen, config);
        get(xen.unpause(guest.domid));
        get(xen.pause(guest.domid));
        check(get(xen.domain(guest.domid)).paused(), "it is paused");
        get(xen.unpause(guest.domid));
        check(!get(xen.domain(guest.domid)).paused(), "it is not paused any more");
        check(
                get(xen.configuration(guest.domid))
                        .getJsonObject("c_info")
                        .getString("name")
                        .equals(get(xen.domainName(guest.domid))),
                "its configuration has its name");
        check(get(xen.console(guest.domid)).startsWith("/dev/pts/"), "its console is a terminal");
        guest.destroy(xen);
        failure(LibxlException.class, xen.domain(guest.domid));
    }

    private void noKernel() throws Exception {
        LibxlException refused =
                failure(LibxlException.class, xen.create(guest("x").kernel("/no/such/kernel")));
        check(!refused.getMessage().contains("\n"), "one line: " + refused.getMessage());
        check(get(xen.domains()).size() == 1, "nothing is left of it");
    }

    private void twoContexts() throws Exception {
        LibxlContext other = get(LibxlContext.open(vertx, new LibxlOptions().setName("other")));
        Watched guest = new Watched(xen, guest("poweroff 100"));
        BlockingQueue<DomainEvent> seen = new LinkedBlockingQueue<>();
        LibxlWatch watch = get(other.watchDomain(guest.domid, seen::add));
        get(other.unpause(guest.domid));
        for (int status = 0; status < 5; status++) {
            Process ours = new ProcessBuilder("sh", "-c", "exit " + status).start();
            check(ours.waitFor(EVENT_SECONDS, TimeUnit.SECONDS) && ours.exitValue() == status, "our child is ours");
        }
        check(guest.next().kind() == DomainEvent.Kind.SHUTDOWN, "seen by the one that has built it");
        DomainEvent event = seen.poll(EVENT_SECONDS, TimeUnit.SECONDS);
        check(event != null && event.domid() == guest.domid, "and by the other one");
        get(watch.close());
        guest.destroy(xen);
        get(other.close());
    }

    /** libxl holds its lock all the while, and a worker with it; the loop must not notice. */
    private void loopNotHeld() throws Exception {
        long quiet = percentile(pings(PINGS_QUIET, null));
        Future<Integer> building = xen.create(guest("block"));
        List<Long> during = pings(Integer.MAX_VALUE, building);
        int domid = get(building);
        long busy = percentile(during);
        System.out.println("round trips through the loop: p99 quiet " + quiet / 1000 + " us, while a domain was built "
                + busy / 1000 + " us (" + during.size() + " of them)");
        check(
                busy <= Math.max(3 * quiet, FLOOR_NANOS),
                "the loop goes on: p99 " + busy + " ns, quiet " + quiet + " ns");
        check(during.size() > 10, "the loop went on while the domain was built");
        get(xen.destroy(domid));
    }

    /** Sorted round trips, as many as wanted or until the future is complete. */
    private List<Long> pings(int most, Future<?> until) throws Exception {
        List<Long> took = new ArrayList<>();
        var loop = vertx.getOrCreateContext();
        while (took.size() < most && (until == null || !until.isComplete())) {
            long start = System.nanoTime();
            CompletableFuture<Void> back = new CompletableFuture<>();
            loop.runOnContext(back::complete);
            back.get(EVENT_SECONDS, TimeUnit.SECONDS);
            took.add(System.nanoTime() - start);
        }
        took.sort(null);
        return took;
    }

    private static long percentile(List<Long> sorted) {
        return sorted.get(sorted.size() * 99 / 100);
    }

    private void closedWhileBuilding() throws Exception {
        LibxlContext other = get(LibxlContext.open(vertx, new LibxlOptions().setName("short-lived")));
        Future<Integer> building = other.create(guest("block"));
        long start = System.nanoTime();
        while (get(xen.domains()).size() == 1) {
            check(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(EVENT_SECONDS), "the building has begun");
        }
        get(other.close());
        check(other.phase() == NativeContext.Phase.FREED, "it is freed");
        check(building.isComplete(), "the building has ended");
        // Built before the end was heard of, or cut short: nothing of it may trouble the other context
        for (DomainInfo info : get(xen.domains())) {
            if (info.domid() != 0) {
                get(xen.destroy(info.domid()));
            }
        }
    }

    /** Without libvirt-java on the class path. */
    private void managedHost() throws Exception {
        ManagedHost host = ManagedHost.start(
                vertx,
                "xen",
                new LibxlConnector(new LibxlOptions().setName("managed"), false, Duration.ofSeconds(EVENT_SECONDS))
                        .toHostOptions());
        BlockingQueue<LibvirtEvent> events = new LinkedBlockingQueue<>();
        host.events(new EventStreamOptions()).handler(events::add);
        awaitDomains(host, 1);
        DomainConfig config = guest("block");
        int domid = get(xen.create(config));
        String name = get(xen.domainName(domid));
        awaitDomains(host, 2);
        check(get(host.act(name, DomainAction.RESUME)).state() == DomainState.RUNNING, "it runs");
        check(get(host.act(name, DomainAction.SUSPEND)).state() == DomainState.PAUSED, "it stands still");
        check(get(host.act(name, DomainAction.DESTROY)).state() == DomainState.SHUTOFF, "it is off");
        LibvirtEvent event;
        do {
            event = events.poll(EVENT_SECONDS, TimeUnit.SECONDS);
            check(event != null, "its end is told");
        } while (event.lifecycle() != LifecycleType.STOPPED);
        check(event.name().equals(name) && !event.synthetic(), "by libxl: " + event);
        get(host.close());
    }

    private static void awaitDomains(ManagedHost host, int count) {
        long start = System.nanoTime();
        while (!host.status().state().isConnected() || host.domains().size() != count) {
            check(
                    System.nanoTime() - start < TimeUnit.SECONDS.toNanos(EVENT_SECONDS),
                    count + " domains: " + host.status() + " " + host.domains());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private void end() throws Exception {
        check(get(xen.domains()).size() == 1, "dom0 is alone again");
        get(xen.close());
        check(xen.stats().fds() == 0 && xen.stats().timeouts() == 0, "nothing is left: " + xen.stats());
    }
}
