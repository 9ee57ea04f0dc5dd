package io.osevent.libvirt;

import java.util.Arrays;

/**
 * Issues ids, and finds what they name. Ids are positive, ascend from 1 and are never used twice: libvirt may name an
 * old one at any time, and takes an id of 0 for "none".
 *
 * <p>Open addressing with linear probing over two plain arrays, so that neither look-up nor change allocates. All methods
 * may be called from any thread.
 *
 * @param <T> what an id names
 */
final class IdTable<T> {
    /** No id: what {@link #issue} returns when there are no more. */
    static final int NONE = -1;

    private static final int LEAST = 16;

    private int[] ids = new int[LEAST];
    private Object[] values = new Object[LEAST];
    private int size;
    private int last;

    IdTable() {
        this(0);
    }

    /**
     * A table that is some way along its series.
     *
     * @param last the id that counts as issued last
     */
    IdTable(int last) {
        this.last = last;
    }

    /** The next id, or {@link #NONE} if the series has ended. */
    synchronized int issue() {
        return last == Integer.MAX_VALUE ? NONE : ++last;
    }

    /** The id that was issued last; 0 before the first. */
    synchronized int lastIssued() {
        return last;
    }

    synchronized int size() {
        return size;
    }

    /** Names a value by an id that names none. */
    synchronized void put(int id, T value) {
        if (size >= ids.length >> 1) {
            resize(ids.length << 1);
        }
        int place = free(id);
        ids[place] = id;
        values[place] = value;
        size++;
    }

    /** What the id names; null if nothing. */
    @SuppressWarnings("unchecked")
    synchronized T get(int id) {
        int place = find(id);
        return place < 0 ? null : (T) values[place];
    }

    /** Forgets an id and returns what it named; null if nothing, so that only one caller gets it. */
    @SuppressWarnings("unchecked")
    synchronized T remove(int id) {
        int place = find(id);
        if (place < 0) {
            return null;
        }
        T value = (T) values[place];
        close(place);
        size--;
        if (ids.length > LEAST && size < ids.length >> 4) {
            resize(ids.length >> 2);
        }
        return value;
    }

    /** Where an id would stand if no other were in its way; the multiplier scatters an ascending series. */
    private int home(int id) {
        return id * 0x9E3779B9 >>> Integer.numberOfLeadingZeros(ids.length) + 1;
    }

    private int next(int place) {
        return place + 1 & ids.length - 1;
    }

    private int find(int id) {
        if (id <= 0) {
            return -1;
        }
        int place = home(id);
        while (ids[place] != id) {
            if (ids[place] == 0) {
                return -1;
            }
            place = next(place);
        }
        return place;
    }

    private int free(int id) {
        int place = home(id);
        while (ids[place] != 0) {
            place = next(place);
        }
        return place;
    }

    /** Empties a place, and moves up what was displaced by it, so that no probe ends too early. */
    private void close(int place) {
        int gap = place;
        for (int other = next(gap); ids[other] != 0; other = next(other)) {
            boolean stays = distance(home(ids[other]), other) < distance(gap, other);
            if (!stays) {
                ids[gap] = ids[other];
                values[gap] = values[other];
                gap = other;
            }
        }
        ids[gap] = 0;
        values[gap] = null;
    }

    private int distance(int from, int to) {
        return to - from & ids.length - 1;
    }

    private void resize(int capacity) {
        int[] oldIds = ids;
        Object[] oldValues = values;
        ids = new int[Math.max(capacity, LEAST)];
        values = new Object[ids.length];
        for (int i = 0; i < oldIds.length; i++) {
            if (oldIds[i] != 0) {
                int place = free(oldIds[i]);
                ids[place] = oldIds[i];
                values[place] = oldValues[i];
            }
        }
        Arrays.fill(oldValues, null);
    }
}
