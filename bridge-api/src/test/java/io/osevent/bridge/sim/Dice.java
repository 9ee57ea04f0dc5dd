package io.osevent.bridge.sim;

/** The only source of chance in a schedule: what it gives follows from the seed. */
final class Dice {
    private long state;

    Dice(long seed) {
        state = seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
    }

    long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** 0 to bound - 1. */
    int below(int bound) {
        return (int) ((next() >>> 33) * bound >>> 31);
    }

    /** From low to high, both included. */
    int between(int low, int high) {
        return low + below(high - low + 1);
    }

    boolean oneIn(int odds) {
        return below(odds) == 0;
    }

    int oneOf(int... values) {
        return values[below(values.length)];
    }

    /** A random element; null of an empty list. */
    <T> T from(java.util.List<T> list) {
        return list.isEmpty() ? null : list.get(below(list.size()));
    }
}
