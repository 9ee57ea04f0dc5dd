package io.osevent.bridge;

import java.util.ArrayList;
import java.util.List;

/**
 * Entries of files that epoll refuses with EPERM, such as regular files: {@code poll(2)} calls them readable and
 * writable at all times, and so do we, once in each turn. Under the set's lock.
 */
final class AlwaysReady {
    /** What such a file can be ready for. */
    static final int EVENTS = Interest.READABLE | Interest.WRITABLE;

    private final List<FdEntry> entries = new ArrayList<>();
    private int active;

    void add(FdEntry entry) {
        entries.add(entry);
        entry.written = 0;
        update(entry);
    }

    void remove(FdEntry entry) {
        if (entries.remove(entry)) {
            active -= entry.written;
            entry.written = 0;
        }
    }

    /** Counts the entry as one to call, or not. Such an entry has no mask in the kernel; 1 there stands for "counted". */
    void update(FdEntry entry) {
        int counted = entry.isActive() && (entry.union() & EVENTS) != 0 ? 1 : 0;
        active += counted - entry.written;
        entry.written = counted;
    }

    boolean hasActive() {
        return active > 0;
    }

    FdEntry.View[] active() {
        return entries.stream().filter(e -> e.written != 0).map(e -> e.view).toArray(FdEntry.View[]::new);
    }
}
