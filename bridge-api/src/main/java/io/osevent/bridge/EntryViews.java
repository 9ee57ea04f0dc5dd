package io.osevent.bridge;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Tag to entry: what the loop looks up, without a lock, for each event of a harvest. Tags are slot and generation, like
 * tokens; every change of who stands behind a tag is made under the set's lock.
 */
final class EntryViews {
    private final int lastGeneration;
    private volatile AtomicReferenceArray<FdEntry.View> views = new AtomicReferenceArray<>(64);
    private int[] generations = new int[64];
    private int[] freeSlots = new int[64];
    private int freeCount;
    private int used;

    EntryViews(int lastGeneration) {
        this.lastGeneration = lastGeneration;
    }

    /** The entry that a tag names now; null for a stale tag. Any thread. */
    FdEntry.View lookUp(long tag) {
        int slot = Token.slot(tag);
        AtomicReferenceArray<FdEntry.View> current = views;
        FdEntry.View view = slot >= 0 && slot < current.length() ? current.get(slot) : null;
        return view != null && view.tag() == tag ? view : null;
    }

    /** A slot for a new entry. */
    int takeSlot() {
        if (freeCount > 0) {
            return freeSlots[--freeCount];
        }
        if (used == generations.length) {
            grow();
        }
        return used++;
    }

    /** A tag that was never used before; the slot's former tag is stale once a view with the new one is published. */
    long freshTag(int slot) {
        return Token.of(slot, ++generations[slot]);
    }

    /** True if the slot has one more tag to give after the present one. */
    boolean hasFreshTag(int slot) {
        return generations[slot] != lastGeneration;
    }

    /** From here on the loop finds the entry under its tag, and under no former one. */
    void publish(FdEntry entry) {
        views.set(entry.slot, entry.view);
    }

    /** The slot's tag is stale from here on. The slot is used again with another tag, unless none is left. */
    void retire(int slot) {
        views.set(slot, null);
        if (hasFreshTag(slot)) {
            if (freeCount == freeSlots.length) {
                freeSlots = Arrays.copyOf(freeSlots, freeCount * 2);
            }
            freeSlots[freeCount++] = slot;
        }
    }

    private void grow() {
        int size = used * 2;
        generations = Arrays.copyOf(generations, size);
        var grown = new AtomicReferenceArray<FdEntry.View>(size);
        for (int i = 0; i < used; i++) {
            grown.setPlain(i, views.getPlain(i));
        }
        views = grown;
    }
}
