package io.osevent.bench;

import com.sun.management.OperatingSystemMXBean;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Counts events until all have come, as remote.c does. */
final class Arrivals {
    private static final long BOUND_SECONDS = 60;

    private final OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final CountDownLatch done = new CountDownLatch(1);
    private final String name;
    private final int connections;
    private final long expected;
    private long cpuAtSetup;
    // Written by the loop's thread alone and read after the latch.
    private long events;
    private long firstNanos;
    private long lastNanos;
    private long cpuAtEnd;

    /**
     * Awaits the events of a workload.
     *
     * @param name what its rows begin with
     * @param connections how many hear of each operation
     * @param operations how many there are
     */
    Arrivals(String name, int connections, int operations) {
        this.name = name;
        this.connections = connections;
        this.expected = (long) connections * operations;
    }

    /** From here on CPU time counts: all connections are open. */
    void begin() {
        cpuAtSetup = process.getProcessCpuTime();
    }

    /** Loop only. */
    void arrived() {
        events++;
        if (events == 1) {
            firstNanos = System.nanoTime();
        }
        if (events == expected) {
            lastNanos = System.nanoTime();
            cpuAtEnd = process.getProcessCpuTime();
            done.countDown();
        }
    }

    List<JsonObject> await(JvmPeer.Identity identity) throws InterruptedException {
        if (!done.await(BOUND_SECONDS, TimeUnit.SECONDS)) {
            String shortfall = events + " of " + expected + " events arrived within " + BOUND_SECONDS + " s";
            return List.of(new JsonObject().put("error", shortfall));
        }
        double rate = expected * 1e9 / (lastNanos - firstNanos);
        double cpu = (cpuAtEnd - cpuAtSetup) / 1e3 / expected;
        return List.of(
                identity.row(name + "-events", connections, connections, rate, "events/s"),
                identity.row(name + "-cpu", connections, connections, cpu, "us/event"));
    }
}
