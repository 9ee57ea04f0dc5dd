package io.osevent.bridge;

import java.util.Arrays;

/**
 * The explicit list of timeouts with a deadline: a heap with four children to a node, deadlines beside it so that a walk
 * touches one array. Each timeout knows its place, so a change or a removal needs no search. Under the set's lock.
 */
class TimeoutList {
    private static final int FANOUT_SHIFT = 2;

    private long[] deadlines = new long[64];
    private TimeoutRegistration[] timeouts = new TimeoutRegistration[64];
    private int size;

    /** The start of the present turn; what is armed during a turn is due in a later one. */
    private long turnStart = Long.MIN_VALUE;

    /** From here on until the next turn, no deadline is at or before this time. */
    void beginTurn(long now) {
        turnStart = now;
    }

    /** Arms or re-arms for a deadline of {@link NativePort#nanoTime}. */
    void arm(TimeoutRegistration timeout, long deadline) {
        long due = Math.max(deadline, turnStart + 1);
        int index = timeout.index;
        if (index < 0) {
            if (size == timeouts.length) {
                deadlines = Arrays.copyOf(deadlines, size * 2);
                timeouts = Arrays.copyOf(timeouts, size * 2);
            }
            siftUp(size++, timeout, due);
        } else if (due < deadlines[index]) {
            siftUp(index, timeout, due);
        } else {
            siftDown(index, timeout, due);
        }
    }

    /** Takes a timeout out; nothing happens if it is not armed. */
    void disarm(TimeoutRegistration timeout) {
        int index = timeout.index;
        if (index < 0) {
            return;
        }
        timeout.index = -1;
        size--;
        TimeoutRegistration last = timeouts[size];
        long due = deadlines[size];
        timeouts[size] = null;
        if (last == timeout) {
            return;
        }
        if (index > 0 && due < deadlines[(index - 1) >> FANOUT_SHIFT]) {
            siftUp(index, last, due);
        } else {
            siftDown(index, last, due);
        }
    }

    /** The timeout that comes first; null if none is armed. */
    TimeoutRegistration first() {
        return size == 0 ? null : timeouts[0];
    }

    /** The earliest deadline, or {@link Alarm#NEVER}. */
    long minimum() {
        return size == 0 ? Alarm.NEVER : deadlines[0];
    }

    /** The deadline of an armed timeout. */
    long deadline(TimeoutRegistration timeout) {
        return deadlines[timeout.index];
    }

    int size() {
        return size;
    }

    private void siftUp(int from, TimeoutRegistration timeout, long due) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >> FANOUT_SHIFT;
            if (deadlines[parent] <= due) {
                break;
            }
            put(index, timeouts[parent], deadlines[parent]);
            index = parent;
        }
        put(index, timeout, due);
    }

    private void siftDown(int from, TimeoutRegistration timeout, long due) {
        int index = from;
        while (true) {
            int child = (index << FANOUT_SHIFT) + 1;
            if (child >= size) {
                break;
            }
            int end = Math.min(child + (1 << FANOUT_SHIFT), size);
            int least = child;
            for (int other = child + 1; other < end; other++) {
                if (deadlines[other] < deadlines[least]) {
                    least = other;
                }
            }
            if (deadlines[least] >= due) {
                break;
            }
            put(index, timeouts[least], deadlines[least]);
            index = least;
        }
        put(index, timeout, due);
    }

    private void put(int index, TimeoutRegistration timeout, long due) {
        timeouts[index] = timeout;
        deadlines[index] = due;
        timeout.index = index;
    }
}
