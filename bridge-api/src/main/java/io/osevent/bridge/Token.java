package io.osevent.bridge;

/**
 * A slot and a generation in 64 bits: what a foreign library or the kernel holds instead of a pointer. A token that has
 * outlived its registration is recognised and refused; it never names the slot's next occupant.
 */
final class Token {
    private Token() {}

    static long of(int slot, int generation) {
        return (long) generation << 32 | slot;
    }

    static int slot(long token) {
        return (int) token;
    }

    static int generation(long token) {
        return (int) (token >>> 32);
    }

    static String toString(long token) {
        return slot(token) + "." + Integer.toUnsignedString(generation(token));
    }
}
