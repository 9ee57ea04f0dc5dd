package io.osevent.bench;

import com.sun.management.OperatingSystemMXBean;
import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.CallScope;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.FdRegistration;
import io.osevent.bridge.Interest;
import io.osevent.bridge.Lease;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.Seams;
import io.osevent.vertx.VertxHost;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.transport.Transport;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Workload {@code contexts n=N loops=L}: N native contexts over L event loops, each with one fd that is always readable
 * and a worker of its own, as libxl's contexts have; libxl itself is not in it. The contexts of a loop share a set. Each
 * event pauses its fd, is handed to the worker, called there, and resumes the fd. Callbacks per second of all contexts
 * together, and per second of CPU time.
 */
final class Contexts {
    private static final long BOUND_SECONDS = 10;
    private static final int SETTLE_DIVISOR = 5;

    private final OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final NativeBench natives;
    private final Vertx vertx;
    private final List<EventSet> sets = new ArrayList<>();
    private final List<Lease> leases = new ArrayList<>();
    private final List<ExecutorService> workers = new ArrayList<>();
    private final List<Counted> counted = new ArrayList<>();

    Contexts(NativeBench natives, Transport transport, int n, int loops) {
        this.natives = natives;
        this.vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(loops))
                .withTransport(transport)
                .build();
        for (int i = 0; i < loops; i++) {
            EventSet set = EventSet.open(Seams.best(), TurnLimits.DEFAULT, BridgeMetrics.NONE);
            sets.add(set);
            leases.add(new VertxHost(vertx).lease(set, () -> {}));
        }
        for (int i = 0; i < n; i++) {
            add(sets.get(i % loops), i);
        }
    }

    private void add(EventSet set, int i) {
        ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "context-" + i);
            thread.setDaemon(true);
            return thread;
        });
        workers.add(worker);
        NativeContext context = NativeContext.onWorker(set, "context " + i, worker, CallScope.PLAIN);
        Counted registration = new Counted(context, natives.eventfd(i));
        set.add(registration);
        counted.add(registration);
    }

    /** Rows over a window of so many milliseconds. */
    List<JsonObject> measure(JvmPeer.Identity identity, long millis) throws InterruptedException {
        counted.forEach(registration -> natives.ready(registration.fd(), true));
        TimeUnit.MILLISECONDS.sleep(millis / SETTLE_DIVISOR);
        long calls = calls();
        long cpu = process.getProcessCpuTime();
        long start = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(millis);
        double made = calls() - calls;
        double nanos = System.nanoTime() - start;
        double cpuNanos = process.getProcessCpuTime() - cpu;
        counted.forEach(registration -> natives.ready(registration.fd(), false));
        int n = counted.size();
        int loops = sets.size();
        return List.of(
                identity.row("contexts", n, loops, made * 1e9 / nanos, "callbacks/s"),
                identity.row("contexts-cpu", n, loops, made * 1e9 / Math.max(1, cpuNanos), "callbacks/cpu-s"));
    }

    private long calls() {
        return counted.stream()
                .mapToLong(registration -> registration.calls.get())
                .sum();
    }

    void close() throws Exception {
        counted.forEach(registration -> registration.context().set().remove(registration));
        for (EventSet set : sets) {
            await(set.empty());
        }
        for (Lease lease : leases) {
            await(lease.cancel());
        }
        sets.forEach(EventSet::close);
        workers.forEach(ExecutorService::shutdown);
        vertx.close().await(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    private static void await(CompletionStage<Void> stage) throws Exception {
        stage.toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    private static final class Counted extends FdRegistration {
        private final AtomicLong calls = new AtomicLong();

        Counted(NativeContext context, int fd) {
            super(context, fd, Interest.READABLE);
        }

        /** One context's callbacks are made one at a time: there is one writer. */
        @Override
        protected void ready(int events) {
            calls.lazySet(calls.getPlain() + 1);
        }

        @Override
        public String toString() {
            return "fd " + fd() + " of " + context();
        }
    }
}
