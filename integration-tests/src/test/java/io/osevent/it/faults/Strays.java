package io.osevent.it.faults;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Calls that must never be made: after a finalizer, twice, for a stranger's file. */
final class Strays {
    private static final int MOST = 100;

    private final Queue<String> found = new ConcurrentLinkedQueue<>();

    void add(String what) {
        if (found.size() < MOST) {
            found.add(what);
        }
    }

    void check() {
        if (!found.isEmpty()) {
            throw new AssertionError(List.copyOf(found).toString());
        }
    }
}
