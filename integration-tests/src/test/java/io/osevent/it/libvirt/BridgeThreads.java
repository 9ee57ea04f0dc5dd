package io.osevent.it.libvirt;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which threads there are in this JVM that neither the JVM nor Vert.x nor JNA has made. */
final class BridgeThreads {
    /** Who else makes threads: Vert.x (and its Netty), JNA's cleaner, the JVM itself, the test runner. */
    private static final Set<String> OTHERS = Set.of("vert.x-", "JNA ", "Finalizer", "Cleaner", "surefire-", "junit-");

    private BridgeThreads() {}

    /** The names of all live Java threads. */
    static Set<String> live() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of {@link #live} that were not there before, and that are the bridge's or a stranger's. */
    static Set<String> madeSince(Set<String> before) {
        Set<String> made = live();
        made.removeAll(before);
        made.removeIf(name -> OTHERS.stream().anyMatch(name::startsWith));
        return made;
    }
}
