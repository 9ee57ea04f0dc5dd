package io.osevent.bridge;

/**
 * The life of one registration in one 64-bit word: pure functions, so that every transition can be searched, replayed
 * and proven by itself. {@link SlotTable} holds the words and changes them by compare-and-set of the whole word only.
 *
 * <pre>
 *   63            32 31 30 29                     0
 *  +----------------+-----+------------------------+
 *  |   generation   |state|       references       |
 *  +----------------+-----+------------------------+
 *
 *  FREE ---register---> LIVE ---disable---> DISABLED ---last reference: ff, once---> FREE, generation + 1
 *                       |  ^                |     ^                                  (RETIRED if saturated)
 *                       +--+ retain         +-----+ release
 *                            release
 * </pre>
 *
 * <ul>
 *   <li>FREE: in the free list; no references.
 *   <li>LIVE: one reference is the foreign library's. Retain succeeds. Left by exactly one {@link #disabled}.
 *   <li>DISABLED: no retain succeeds any more. Whoever disabled it owns what was the foreign library's reference and
 *       releases it. The release of the last reference does not count down: that reference becomes the finalizer's, so
 *       the word says DISABLED with one reference until ff has returned.
 *   <li>RETIRED: the generation is saturated; the slot is never used again, so no token ever names two registrations.
 * </ul>
 *
 * Generations start at 1: no token is 0, and {@link #REFUSED} is no legal word.
 */
final class StateWord {
    static final int FREE = 0;
    static final int LIVE = 1;
    static final int DISABLED = 2;
    static final int RETIRED = 3;

    /** Returned by a transition that the word does not allow. */
    static final long REFUSED = 0;

    static final int FIRST_GENERATION = 1;

    private static final int STATE_SHIFT = 30;
    private static final int REFERENCES = (1 << STATE_SHIFT) - 1;

    private StateWord() {}

    static long of(int generation, int state, int references) {
        return (long) generation << 32 | (long) state << STATE_SHIFT | references;
    }

    static int generation(long word) {
        return (int) (word >>> 32);
    }

    static int state(long word) {
        return (int) (word >>> STATE_SHIFT) & 3;
    }

    static int references(long word) {
        return (int) word & REFERENCES;
    }

    /** FREE to LIVE, with the foreign library's reference. */
    static long registered(long word) {
        return state(word) == FREE ? of(generation(word), LIVE, 1) : REFUSED;
    }

    /** One more reference, if the word is still LIVE in the generation that the caller means. */
    static long retained(long word, int generation) {
        boolean same = generation(word) == generation && state(word) == LIVE;
        return same && references(word) < REFERENCES ? word + 1 : REFUSED;
    }

    /** LIVE to DISABLED; the foreign library's reference passes to the caller. */
    static long disabled(long word, int generation) {
        boolean same = generation(word) == generation && state(word) == LIVE;
        return same ? of(generation, DISABLED, references(word)) : REFUSED;
    }

    /** True if the caller's reference is the last one of a disabled registration: ff is due, and the caller's to queue. */
    static boolean isLast(long word) {
        return state(word) == DISABLED && references(word) == 1;
    }

    /** One reference less; only where {@link #isLast} is false. */
    static long released(long word) {
        boolean held = (state(word) == LIVE || state(word) == DISABLED) && references(word) > 1;
        return held ? word - 1 : REFUSED;
    }

    /** DISABLED, with the finalizer's reference alone, to FREE in the next generation, or to RETIRED. */
    static long finalized(long word, int lastGeneration) {
        if (!isLast(word)) {
            return REFUSED;
        }
        int generation = generation(word);
        return generation == lastGeneration ? of(generation, RETIRED, 0) : of(generation + 1, FREE, 0);
    }

    static String toString(long word) {
        String state = switch (state(word)) {
            case FREE -> "FREE";
            case LIVE -> "LIVE";
            case DISABLED -> "DISABLED";
            default -> "RETIRED";
        };
        return state + " generation " + Integer.toUnsignedString(generation(word)) + " references " + references(word);
    }
}
