package io.osevent.bench;

import com.sun.management.ThreadMXBean;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Bytes allocated for each dispatched event, by the loop's thread, and for each call of a hook, by the calling thread;
 * beside the latter what JNA's upcall allocates by itself, for an empty method of the same signature.
 */
final class Garbage {
    private static final List<String> LOOP_THREADS =
            List.of("vert.x-eventloop-thread", "bridge-loop", "libvirt-java-loop");
    private static final int FDS = 64;
    private static final int SHORT_MILLIS = 10;
    private static final int LONG_MILLIS = 110;
    private static final int FEW_CALLS = 1000;
    private static final int MANY_CALLS = 21_000;

    private final JvmPeer.Identity identity;
    private final NativeBench natives;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    Garbage(JvmPeer.Identity identity, NativeBench natives) {
        this.identity = identity;
        this.natives = natives;
    }

    List<JsonObject> measure(String what) {
        return what.equals("dispatch") ? ofDispatch() : ofHooks();
    }

    private List<JsonObject> ofDispatch() {
        natives.request("setup dispatch n=" + FDS + " k=" + FDS);
        double bytes = perCall(() -> threads.getThreadAllocatedBytes(loopThread()));
        natives.request("teardown");
        natives.request("verify");
        return List.of(identity.row("garbage-event", FDS, FDS, bytes, "bytes"));
    }

    private List<JsonObject> ofHooks() {
        natives.request("setup hook n=" + FDS + " only=1 pause=0");
        double hook = perCall(() ->
                        threads.getThreadAllocatedBytes(Thread.currentThread().getId()))
                / 2;
        natives.request("teardown");
        natives.request("verify");
        return List.of(
                identity.row("garbage-hook-update", FDS, 0, hook, "bytes"),
                identity.row("garbage-upcall", FDS, 0, ofUpcall(), "bytes"));
    }

    /** The difference of a long and a short measurement, so that what a measurement itself allocates cancels out. */
    private double perCall(LongSupplier allocated) {
        long[] few = run(SHORT_MILLIS, allocated);
        long[] many = run(LONG_MILLIS, allocated);
        return (double) (many[0] - few[0]) / (many[1] - few[1]);
    }

    /** Bytes and calls. */
    private long[] run(int millis, LongSupplier allocated) {
        long before = allocated.getAsLong();
        String rows = natives.request("measure ms=" + millis);
        long bytes = allocated.getAsLong() - before;
        return new long[] {bytes, new JsonObject(rows.lines().findFirst().orElseThrow()).getLong("calls")};
    }

    private double ofUpcall() {
        NativeBench.Hook empty = (id, argument) -> {};
        natives.call(empty, FEW_CALLS);
        long few = allocatedBy(empty, FEW_CALLS);
        long many = allocatedBy(empty, MANY_CALLS);
        return (double) (many - few) / (MANY_CALLS - FEW_CALLS);
    }

    private long allocatedBy(NativeBench.Hook hook, long calls) {
        long id = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(id);
        natives.call(hook, calls);
        return threads.getThreadAllocatedBytes(id) - before;
    }

    private static long loopThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> LOOP_THREADS.stream().anyMatch(thread.getName()::startsWith))
                .mapToLong(Thread::getId)
                .findFirst()
                .orElseThrow();
    }
}
