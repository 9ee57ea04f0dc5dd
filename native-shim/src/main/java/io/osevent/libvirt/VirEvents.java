package io.osevent.libvirt;

import io.osevent.bridge.Interest;

/** {@code virEventHandleType}: libvirt has bits of its own, which are not those of {@code poll}. */
final class VirEvents {
    static final int READABLE = 1;
    static final int WRITABLE = 2;
    static final int ERROR = 4;
    static final int HANGUP = 8;

    // Readable is the lowest bit of both; in between, poll has "urgent", which libvirt does not know.
    private static final int SHIFTED = WRITABLE | ERROR | HANGUP;

    private VirEvents() {}

    /** libvirt's bits as {@link Interest}. */
    static int toInterest(int events) {
        return events & READABLE | (events & SHIFTED) << 1;
    }

    /** {@link Interest} as libvirt's bits. */
    static int fromInterest(int bits) {
        return bits & Interest.READABLE | bits >> 1 & SHIFTED;
    }
}
