package io.osevent.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;

/**
 * The slots that registrations live in: one {@link StateWord}, one occupant and one free-list link each. Lock-free, but
 * for the growth of the table.
 *
 * <p>Slots are type-stable: they come in blocks that are never given back, so a stale token always finds a readable word
 * with another generation. At rest, allocated slots = used + free + retired.
 *
 * <p>Every access to shared memory goes through {@link #word}, {@link #compareAndSet}, {@link #setWord},
 * {@link #occupant}, {@link #setOccupant}, {@link #takeSlot} and {@link #putSlot}, so that a test can step them one by one.
 */
class SlotTable {
    private static final int BLOCK_SHIFT = 10;
    private static final int BLOCK = 1 << BLOCK_SHIFT;

    private static final class Block {
        final AtomicLongArray words = new AtomicLongArray(BLOCK);
        final AtomicReferenceArray<Registration> occupants = new AtomicReferenceArray<>(BLOCK);
        final int[] next = new int[BLOCK];

        Block() {
            long free = StateWord.of(StateWord.FIRST_GENERATION, StateWord.FREE, 0);
            for (int i = 0; i < BLOCK; i++) {
                words.setPlain(i, free);
            }
        }
    }

    private final int lastGeneration;
    private final FreeList free = new FreeList(new FreeList.Links() {
        @Override
        public int next(int slot) {
            return block(slot).next[slot & BLOCK - 1];
        }

        @Override
        public void setNext(int slot, int next) {
            block(slot).next[slot & BLOCK - 1] = next;
        }
    });
    private final AtomicInteger allocated = new AtomicInteger();
    private volatile Block[] blocks = {};

    SlotTable() {
        this(-1);
    }

    /**
     * A table whose generations saturate early.
     *
     * @param lastGeneration after this generation a slot is retired; unsigned
     */
    SlotTable(int lastGeneration) {
        this.lastGeneration = lastGeneration;
    }

    /** Gives the registration a slot, a generation and the foreign library's reference. */
    void register(Registration registration) {
        int slot = takeSlot();
        long word = word(slot);
        registration.slot = slot;
        registration.generation = StateWord.generation(word);
        setOccupant(slot, registration);
        // The slot is the caller's alone, so a store will do; it publishes the occupant.
        setWord(slot, StateWord.registered(word));
    }

    /** The occupant that the token means, in whatever state; null if it has gone or never was. */
    Registration lookUp(long token) {
        int slot = Token.slot(token);
        if (slot < 0 || slot >= allocated.get()) {
            return null;
        }
        Registration occupant = occupant(slot);
        return occupant != null && occupant.generation == Token.generation(token) ? occupant : null;
    }

    /** Starts a call: one more reference, unless the registration was disabled first. */
    boolean retain(Registration registration) {
        int slot = registration.slot;
        long word;
        long next;
        do {
            word = word(slot);
            next = StateWord.retained(word, registration.generation);
            if (next == StateWord.REFUSED) {
                return false;
            }
        } while (!compareAndSet(slot, word, next));
        return true;
    }

    /** Makes the registration DISABLED; true for the one caller that did, who now owns the foreign library's reference. */
    boolean disable(Registration registration) {
        int slot = registration.slot;
        if (slot < 0) {
            return false;
        }
        long word;
        long next;
        do {
            word = word(slot);
            next = StateWord.disabled(word, registration.generation);
            if (next == StateWord.REFUSED) {
                return false;
            }
        } while (!compareAndSet(slot, word, next));
        return true;
    }

    /** Ends a call; true if the caller's reference was the last one, so that it must queue the finalizer. */
    boolean release(Registration registration) {
        int slot = registration.slot;
        long word;
        long next;
        do {
            word = word(slot);
            if (StateWord.isLast(word)) {
                return true;
            }
            next = StateWord.released(word);
            if (next == StateWord.REFUSED) {
                throw new IllegalStateException("released in state " + StateWord.toString(word) + ": " + registration);
            }
        } while (!compareAndSet(slot, word, next));
        return false;
    }

    /** Undoes {@link #register} for a registration that the loop never saw; no ff is due. */
    void withdraw(Registration registration) {
        disable(registration);
        finalized(registration);
    }

    /** After ff: the slot moves to its next generation and to the free list. */
    void finalized(Registration registration) {
        int slot = registration.slot;
        long word = word(slot);
        long next = StateWord.finalized(word, lastGeneration);
        if (next == StateWord.REFUSED) {
            throw new IllegalStateException("finalized in state " + StateWord.toString(word) + ": " + registration);
        }
        setOccupant(slot, null);
        setWord(slot, next);
        if (StateWord.state(next) == StateWord.FREE) {
            putSlot(slot);
        }
    }

    boolean isLive(Registration registration) {
        if (registration.slot < 0) {
            return false;
        }
        long word = word(registration.slot);
        return StateWord.generation(word) == registration.generation && StateWord.state(word) == StateWord.LIVE;
    }

    long word(int slot) {
        return words(slot).get(slot & BLOCK - 1);
    }

    boolean compareAndSet(int slot, long expected, long next) {
        return words(slot).compareAndSet(slot & BLOCK - 1, expected, next);
    }

    void setWord(int slot, long word) {
        words(slot).set(slot & BLOCK - 1, word);
    }

    /** Slots that were ever handed out. */
    int allocated() {
        return allocated.get();
    }

    /** Who lives in a slot that was allocated; null if nobody does. */
    Registration occupant(int slot) {
        return slot >>> BLOCK_SHIFT < blocks.length ? occupants(slot).get(slot & BLOCK - 1) : null;
    }

    /** Those of this moment that a condition holds for, in the order of their slots. */
    List<Registration> occupants(Predicate<Registration> condition) {
        List<Registration> found = new ArrayList<>();
        for (int slot = 0; slot < allocated(); slot++) {
            Registration registration = occupant(slot);
            if (registration != null && condition.test(registration)) {
                found.add(registration);
            }
        }
        return found;
    }

    void setOccupant(int slot, Registration occupant) {
        occupants(slot).set(slot & BLOCK - 1, occupant);
    }

    int takeSlot() {
        int slot = free.pop();
        if (slot == FreeList.NULL) {
            slot = allocated.getAndIncrement();
            ensureBlock(slot);
        }
        return slot;
    }

    void putSlot(int slot) {
        free.push(slot);
    }

    private void ensureBlock(int slot) {
        if (slot >>> BLOCK_SHIFT < blocks.length) {
            return;
        }
        synchronized (this) {
            int have = blocks.length;
            int need = (slot >>> BLOCK_SHIFT) + 1;
            if (need > have) {
                Block[] grown = java.util.Arrays.copyOf(blocks, need);
                for (int i = have; i < need; i++) {
                    grown[i] = new Block();
                }
                blocks = grown;
            }
        }
    }

    private Block block(int slot) {
        return blocks[slot >>> BLOCK_SHIFT];
    }

    private AtomicLongArray words(int slot) {
        return block(slot).words;
    }

    private AtomicReferenceArray<Registration> occupants(int slot) {
        return block(slot).occupants;
    }
}
