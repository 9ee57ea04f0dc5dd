package io.osevent.bridge;

import java.util.Arrays;

/** Timers that run in every turn (libvirt's frequency 0). Under the set's lock. */
final class ZeroTimers {
    private TimeoutRegistration[] timers = new TimeoutRegistration[4];
    private int size;

    void add(TimeoutRegistration timer) {
        if (size == timers.length) {
            timers = Arrays.copyOf(timers, size * 2);
        }
        timer.index = size;
        timers[size++] = timer;
    }

    /** Takes a timer out; nothing happens if it is not here. */
    void remove(TimeoutRegistration timer) {
        int index = timer.index;
        if (index < 0) {
            return;
        }
        timer.index = -1;
        TimeoutRegistration last = timers[--size];
        timers[size] = null;
        if (last != timer) {
            timers[index] = last;
            last.index = index;
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** The timers of this moment; a timer that a callback adds waits for the next turn. */
    TimeoutRegistration[] snapshot() {
        return Arrays.copyOf(timers, size);
    }
}
