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

    /** A tag that was never used before, in a slot that has no view. */
    long freshTag() {
        if (freeCount == 0 && used == generations.length) {
            grow();
        }
        int slot = freeCount > 0 ? freeSlots[--freeCount] : used++;
        return Token.of(slot, ++generations[slot]);
    }

    /** From here on the loop finds the view under its tag. */
    void publish(FdEntry.View view) {
        views.set(Token.slot(view.tag()), view);
    }

    /** The tag is stale from here on. Its slot is used again with another tag, unless none is left. */
    void retire(FdEntry.View view) {
        int slot = Token.slot(view.tag());
        views.set(slot, null);
        if (generations[slot] != lastGeneration) {
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
