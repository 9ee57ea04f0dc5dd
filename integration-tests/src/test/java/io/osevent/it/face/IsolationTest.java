package io.osevent.it.face;

import static io.osevent.it.face.Waiting.get;
import static io.osevent.it.face.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.it.libvirt.LibvirtdRig;
import io.osevent.vertx.LibvirtEventLoop;
import io.osevent.vertx.libvirt.DomainAction;
import io.osevent.vertx.libvirt.EventStreamOptions;
import io.osevent.vertx.libvirt.HostState;
import io.osevent.vertx.libvirt.LibvirtConnectOptions;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.osevent.vertx.libvirt.ManagedHost;
import io.osevent.vertx.libvirt.ManagedHostOptions;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two hosts that are down and one that does not answer leave the fourth one alone. */
@Timeout(180)
class IsolationTest {

    private static final int SAMPLES = 400;
    private static final int WARM_UP = 100;
    private static final long EVENT_SECONDS = 30;

    @Test
    void aHostThatIsFineStaysFine() throws Exception {
        Vertx vertx = Vertx.vertx();
        LibvirtEventLoop loop = get(LibvirtEventLoop.install(vertx));
        LibvirtConnection.silenceStandardError();
        List<ManagedHost> hosts = new ArrayList<>();
        try (LibvirtdRig good = LibvirtdRig.start();
                LibvirtdRig hanging = LibvirtdRig.start()) {
            ManagedHost fine = watch(vertx, "fine", good.uri("test"));
            hosts.add(fine);
            BlockingQueue<Long> arrivals = new ArrayBlockingQueue<>(16);
            fine.events(new EventStreamOptions()).handler(event -> arrivals.add(System.nanoTime()));
            until("fine is up", () -> fine.status().state() == HostState.UP);
            measure(fine, arrivals, WARM_UP);
            long[] before = measure(fine, arrivals, SAMPLES);

            ManagedHost slow = watch(vertx, "slow", hanging.uri("test"));
            hosts.add(slow);
            until("slow is up", () -> slow.status().state() == HostState.UP);
            hosts.add(watch(vertx, "down-1", "qemu+unix:///system?socket=/nonexistent/1"));
            hosts.add(watch(vertx, "down-2", "qemu+tcp://127.0.0.1:1/system"));
            hanging.sigstop();
            until("slow is slow", () -> slow.status().state() == HostState.DEGRADED);
            long[] after = measure(fine, arrivals, SAMPLES);
            hanging.sigcont();

            System.out.printf(
                    "From the action to its event's handler, host 'fine', microseconds: alone p50 %d p99 %d; "
                            + "beside two that are down and one that hangs p50 %d p99 %d%n",
                    at(before, 50), at(before, 99), at(after, 50), at(after, 99));
            assertEquals(1, fine.connects());
            assertEquals(HostState.UP, fine.status().state());
            // Whoever waited for another host would have waited for seconds.
            assertTrue(at(after, 99) < 10 * at(before, 99) + 200_000, "p99 in microseconds: " + at(after, 99));
        } finally {
            for (ManagedHost host : hosts) {
                host.close();
            }
            get(loop.close());
            get(vertx.close());
        }
    }

    private static ManagedHost watch(Vertx vertx, String id, String uri) {
        return ManagedHost.start(
                vertx,
                id,
                new ManagedHostOptions(new LibvirtConnectOptions(uri).setKeepAlive(60, 3))
                        .setBackoff(Duration.ofMillis(20), Duration.ofMillis(200))
                        .setProbe(Duration.ofMillis(200), Duration.ofMillis(200)));
    }

    /** One action at a time; microseconds until its event was handled. */
    private static long[] measure(ManagedHost host, BlockingQueue<Long> arrivals, int samples) throws Exception {
        long[] micros = new long[samples];
        for (int i = 0; i < samples; i++) {
            long start = System.nanoTime();
            get(host.act("test", i % 2 == 0 ? DomainAction.SUSPEND : DomainAction.RESUME));
            Long arrived = arrivals.poll(EVENT_SECONDS, TimeUnit.SECONDS);
            assertTrue(arrived != null, "an event within " + EVENT_SECONDS + " s");
            micros[i] = (arrived - start) / 1_000;
        }
        Arrays.sort(micros);
        return micros;
    }

    private static long at(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
