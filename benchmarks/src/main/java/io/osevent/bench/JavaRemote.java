package io.osevent.bench;

import com.sun.management.OperatingSystemMXBean;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.event.DomainEvent;
import org.libvirt.event.LifecycleListener;

/** The workload of remote.h with a handler in Java: N connections of libvirt-java, each with a lifecycle listener. */
final class JavaRemote implements LifecycleListener {
    private static final long ARRIVAL_BOUND_SECONDS = 60;

    private final OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final List<Connect> connections = new ArrayList<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final long expected;
    private final long cpuAtSetup;
    // Written by the loop's thread alone and read after the latch.
    private long events;
    private long firstNanos;
    private long lastNanos;
    private long cpuAtEnd;

    JavaRemote(String uri, int n, int operations) throws LibvirtException {
        expected = (long) n * operations;
        for (int i = 0; i < n; i++) {
            Connect connection = new Connect(uri);
            connections.add(connection);
            connection.addLifecycleListener(this);
        }
        cpuAtSetup = process.getProcessCpuTime();
    }

    @Override
    public int onLifecycleChange(Domain domain, DomainEvent event) {
        events++;
        if (events == 1) {
            firstNanos = System.nanoTime();
        }
        if (events == expected) {
            lastNanos = System.nanoTime();
            cpuAtEnd = process.getProcessCpuTime();
            done.countDown();
        }
        return 0;
    }

    List<JsonObject> measure(JvmPeer.Identity identity) throws InterruptedException {
        if (!done.await(ARRIVAL_BOUND_SECONDS, TimeUnit.SECONDS)) {
            return List.of(new JsonObject()
                    .put(
                            "error",
                            events + " of " + expected + " events arrived within " + ARRIVAL_BOUND_SECONDS + " s"));
        }
        int n = connections.size();
        return List.of(
                identity.row("remote-events", n, n, expected * 1e9 / (lastNanos - firstNanos), "events/s"),
                identity.row("remote-cpu", n, n, (cpuAtEnd - cpuAtSetup) / 1e3 / expected, "us/event"));
    }

    /**
     * The listener leaves its domains to the collector, as most do. Each holds its connection open until it is collected,
     * and the next workload needs the descriptors.
     */
    void close() throws LibvirtException {
        for (Connect connection : connections) {
            connection.removeLifecycleListener(this);
            connection.close();
        }
        connections.clear();
        System.gc();
        System.runFinalization();
    }
}
