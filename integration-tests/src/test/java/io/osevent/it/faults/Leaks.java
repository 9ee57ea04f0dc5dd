package io.osevent.it.faults;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Structure;
import io.osevent.libvirt.VirEventImpl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a process holds, in kinds, so that two moments can be compared. */
record Leaks(long registrations, Map<String, Long> threads, Map<String, Long> fds, long nativeBytes) {
    /** Compilers and allocators of the JVM come and go by this much; a leak in a soak's every round is more. */
    static final long NATIVE_NOISE = 48L << 20;

    private static final Duration SETTLE = Duration.ofSeconds(20);

    /** What the C library says of its heap; all members are sizes in bytes or counts. */
    @Structure.FieldOrder({
        "arena",
        "ordblks",
        "smblks",
        "hblks",
        "hblkhd",
        "usmblks",
        "fsmblks",
        "uordblks",
        "fordblks",
        "keepcost"
    })
    public static final class MallInfo extends Structure implements Structure.ByValue {
        public long arena;
        public long ordblks;
        public long smblks;
        public long hblks;
        public long hblkhd;
        public long usmblks;
        public long fsmblks;
        public long uordblks;
        public long fordblks;
        public long keepcost;
    }

    /** The C library's own statistics. */
    private interface Heap extends com.sun.jna.Library {
        MallInfo mallinfo2();
    }

    private static final Heap HEAP = Native.load(Platform.C_LIBRARY_NAME, Heap.class);

    static Leaks now() throws IOException {
        MallInfo info = HEAP.mallinfo2();
        return new Leaks(
                VirEventImpl.registered()
                        .map(impl -> impl.set().stats().unfinished())
                        .orElse(0L),
                Thread.getAllStackTraces().keySet().stream()
                        .filter(Thread::isAlive)
                        .collect(Collectors.groupingBy(
                                thread -> kind(thread.getName()), TreeMap::new, Collectors.counting())),
                openFds(),
                info.uordblks + info.hblkhd);
    }

    /** The growth since an earlier moment, once it has stopped shrinking; at the latest after a bound. */
    static Leaks since(Leaks before) throws Exception {
        // What is only waiting for the collector is no leak.
        System.gc();
        Bounded.within(SETTLE, () -> now().minus(before).isNone());
        return now().minus(before);
    }

    Leaks minus(Leaks before) {
        return new Leaks(
                Math.max(0, registrations - before.registrations),
                growth(threads, before.threads),
                growth(fds, before.fds),
                nativeBytes - before.nativeBytes);
    }

    boolean isNone() {
        return objects() == 0 && nativeBytes < NATIVE_NOISE;
    }

    /** Registrations, threads and descriptors. */
    long objects() {
        return registrations + sum(threads) + sum(fds);
    }

    static long sum(Map<String, Long> kinds) {
        return kinds.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Long> growth(Map<String, Long> now, Map<String, Long> before) {
        Map<String, Long> growth = new TreeMap<>();
        now.forEach((kind, count) -> {
            long more = count - before.getOrDefault(kind, 0L);
            if (more > 0) {
                growth.put(kind, more);
            }
        });
        return growth;
    }

    private static Map<String, Long> openFds() throws IOException {
        try (var list = Files.list(Path.of("/proc/self/fd"))) {
            return list.map(Leaks::target)
                    // The listing itself
                    .filter(target -> !target.isEmpty() && !target.startsWith("/proc/"))
                    .collect(Collectors.groupingBy(Leaks::kind, TreeMap::new, Collectors.counting()));
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    /** One name for all that differ by their numbers. */
    private static String kind(String name) {
        return name.replaceAll("[0-9]+", "N");
    }
}
