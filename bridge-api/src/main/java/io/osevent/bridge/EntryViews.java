package io.osevent.bridge;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Tag to entry: what the loop looks up, without a lock, for each event of a harvest. Tags are slot and generation, like
 * tokens; every change of who stands behind a tag is made under the set's lock.
 *
 * <p>It also tells a zombie from an ordinary removal race, without remembering tags. A tag goes stale only after its fd
 * was taken out of the kernel's set, as far as the kernel lets us. So a harvest that began before the tag went stale may
 * report it, and one that began afterwards reports it only if the file behind it survives elsewhere and cannot be removed
 * any more. Each slot keeps the harvest that had begun last when one of its tags went stale, and the first such tag.
 */
final class EntryViews {
    private final int lastGeneration;
    private volatile AtomicReferenceArray<FdEntry.View> views = new AtomicReferenceArray<>(64);
    private int[] generations = new int[64];
    private long[] staleSince = new long[64];
    private int[] staleBefore = new int[64];
    private int[] freeSlots = new int[64];
    private int freeCount;
    private int used;

    /**
     * Harvests that have begun. Written by the loop alone, before it asks the kernel. A full fence at each would cost more
     * than all the rest of the look-up, and is not needed: whoever takes an fd out of the kernel's set after a harvest has
     * found it ready takes the kernel's lock of the set after that harvest, and so sees its number.
     */
    private final AtomicLong harvests = new AtomicLong();

    /** The harvest in which the kernel's set was last rebuilt, or could not be. */
    private long rebuiltIn = -1;

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

    /** Loop only, before each wait. */
    void beginHarvest() {
        harvests.setRelease(harvests.getPlain() + 1);
    }

    /**
     * True if a stale tag of the last harvest had gone stale before that harvest began, and still is in the kernel's set
     * as far as we know. Under the lock, by the loop.
     */
    boolean isZombie(long tag) {
        if (rebuiltIn == harvests.get()) {
            return false;
        }
        int slot = Token.slot(tag);
        return slot < 0
                || slot >= used
                || staleSince[slot] < harvests.get()
                || Integer.compareUnsigned(Token.generation(tag), staleBefore[slot]) < 0;
    }

    /** What the last harvest reported was the old set's. */
    void rebuilt() {
        rebuiltIn = harvests.get();
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
        long harvest = harvests.get();
        if (staleSince[slot] != harvest) {
            // All the slot's tags before this one were stale when the present harvest began.
            staleSince[slot] = harvest;
            staleBefore[slot] = Token.generation(view.tag());
        }
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
        staleSince = Arrays.copyOf(staleSince, size);
        staleBefore = Arrays.copyOf(staleBefore, size);
        var grown = new AtomicReferenceArray<FdEntry.View>(size);
        for (int i = 0; i < used; i++) {
            grown.setPlain(i, views.getPlain(i));
        }
        views = grown;
    }
}
