package io.osevent.bridge;

import java.util.Arrays;

/**
 * Tells a zombie from an ordinary removal race. A tag goes stale only after its fd was taken out of the kernel's set, so
 * a harvest that began after somebody saw it stale reports it again only if the file behind it survives elsewhere and
 * cannot be removed. Tags are never re-used, so remembering too much does no harm; remembering too little only delays.
 * The loop's thread only.
 */
final class StaleTags {
    private final long[] tags = new long[64];
    private final long[] seenIn = new long[64];
    private int size;

    /**
     * Notes a stale tag.
     *
     * @param harvest number of the harvest that reported it
     * @return true if an earlier harvest had reported it already
     */
    boolean persists(long tag, long harvest) {
        for (int i = 0; i < size; i++) {
            if (tags[i] == tag) {
                return seenIn[i] < harvest;
            }
        }
        if (size == tags.length) {
            // Forget the older half.
            size /= 2;
            System.arraycopy(tags, size, tags, 0, size);
            System.arraycopy(seenIn, size, seenIn, 0, size);
        }
        tags[size] = tag;
        seenIn[size++] = harvest;
        return false;
    }

    void clear() {
        Arrays.fill(tags, 0);
        size = 0;
    }
}
