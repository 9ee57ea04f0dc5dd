package io.osevent.bench;

import io.vertx.core.json.JsonObject;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** What live registrations hold of the heap and of direct memory, beside what malloc has in use for them. */
final class HeapUse {
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

    private final long heapBefore = heap();
    private final long directBefore = direct();
    private long heapAfter;
    private long directAfter;

    /** Everything is registered now. */
    void registered() {
        heapAfter = heap();
        directAfter = direct();
    }

    /**
     * Bytes per registration, of each kind and in all; malloc's are in the rows of the C library. The JVM gives memory
     * back to malloc when it likes, which may make that figure negative; it then counts as none.
     */
    List<JsonObject> rows(JvmPeer.Identity identity, String nativeRows) {
        JsonObject malloc = new JsonObject(nativeRows.lines().findFirst().orElseThrow());
        long n = malloc.getLong("n");
        long k = malloc.getLong("k");
        double heap = (double) (heapAfter - heapBefore) / (n + k);
        double direct = (double) (directAfter - directBefore) / (n + k);
        return List.of(
                identity.row("memory-heap", n, k, heap, "bytes"),
                identity.row("memory-direct", n, k, direct, "bytes"),
                identity.row("memory-all", n, k, heap + direct + Math.max(0, malloc.getDouble("value")), "bytes"));
    }

    /** Bytes of live objects: without the rest of a region behind a large array, which depends on the heap's size. */
    private static long heap() {
        try {
            String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {null},
                            new String[] {String[].class.getName()});
            Matcher total = TOTAL.matcher(histogram);
            if (!total.find()) {
                throw new IllegalStateException("a class histogram without a total");
            }
            return Long.parseLong(total.group(1));
        } catch (JMException e) {
            throw new IllegalStateException("no class histogram: " + e.getMessage(), e);
        }
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
