package io.osevent.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.CallScope;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.Lease;
import io.osevent.bridge.ThreadHost;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.Seam;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.Library;
import org.libvirt.LibvirtException;
import org.libvirt.event.DomainEventType;
import org.libvirt.event.LifecycleListener;

/**
 * The genuine libvirt and libvirt-java on our hooks, with libvirt's built-in test driver. One method, because a process
 * registers once.
 */
abstract class RealLibvirtContractTest {
    private static final int ROUNDS = 2_000;
    private static final int BOUND_SECONDS = 60;

    abstract Seam seam();

    @Test
    void eventsArriveInOrderAndNothingIsLeft() throws Exception {
        assumeTrue(
                VirEventImpl.isAvailable(),
                () -> VirEventImpl.unavailabilityCause().getMessage());
        assertTrue(VirEventImpl.registered().isEmpty());
        VirEventImpl impl = VirEventImpl.register(seam(), TurnLimits.DEFAULT, BridgeMetrics.NONE);
        assertSame(impl, VirEventImpl.register(seam(), TurnLimits.DEFAULT, BridgeMetrics.NONE));
        assertSame(impl, VirEventImpl.registered().orElseThrow());
        EventSet set = impl.set();
        ThreadHost host = new ThreadHost("libvirt loop", CallScope.PLAIN);

        Lease lease = host.lease(set, () -> {});
        runEvents();
        await("all finalizers", () -> set.stats().unfinished() == 0);
        lease.cancel().toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);

        // The default implementation comes too late, and a new lease goes on with the same set
        Library.initEventLoop();
        Lease second = host.lease(set, () -> {});
        runEvents();
        await("the timer of libvirt-java alone", () -> set.stats().unfinished() == 1);
        assertEquals(0, set.stats().fds());
        assertEquals(0, set.stats().staleTags());
        second.cancel().toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    private static void runEvents() throws Exception {
        Queue<DomainEventType> events = new ConcurrentLinkedQueue<>();
        Set<Integer> freed = ConcurrentHashMap.newKeySet();
        Set<String> threads = ConcurrentHashMap.newKeySet();
        LifecycleListener listener = (domain, event) -> {
            threads.add(Thread.currentThread().getName());
            // Each event brings a domain of its own, which holds the connection
            freed.add(free(domain));
            events.add(event.getType());
            return 0;
        };
        List<DomainEventType> expected = new ArrayList<>();
        Connect connection = new Connect("test:///default");
        connection.addLifecycleListener(listener);
        Domain domain = connection.domainLookupByName("test");
        for (int i = 0; i < ROUNDS; i++) {
            domain.suspend();
            expected.add(DomainEventType.SUSPENDED);
            domain.resume();
            expected.add(DomainEventType.RESUMED);
        }
        await("all events", () -> events.size() >= 2 * ROUNDS);
        assertEquals(expected, List.copyOf(events));
        assertEquals(Set.of("libvirt loop"), threads);
        assertEquals(Set.of(0), freed);
        connection.removeLifecycleListener(listener);
        domain.free();
        assertEquals(0, connection.close());
    }

    private static int free(Domain domain) {
        try {
            return domain.free();
        } catch (LibvirtException e) {
            return -1;
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, () -> "waited in vain for " + what);
            Thread.onSpinWait();
        }
    }
}
