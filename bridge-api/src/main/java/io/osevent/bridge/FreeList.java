package io.osevent.bridge;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stack of free slots whose head locks itself: one exchange with BUSY both reads the head and keeps everybody else
 * away, so nobody ever reads the link of a slot that another thread has just popped. A sequence counter would stop ABA
 * but not that read. The holder does one load and one store; whoever finds the list empty puts NULL back.
 *
 * <p>The links live with the slots ({@link Links}), which are type-stable: they are never handed back to the JVM while
 * the table lives.
 */
class FreeList {
    /** Where the links are kept: one int for each slot. */
    interface Links {
        int next(int slot);

        void setNext(int slot, int next);
    }

    static final int NULL = -1;
    static final int BUSY = -2;

    private final AtomicInteger head = new AtomicInteger(NULL);
    private final Links links;

    FreeList(Links links) {
        this.links = links;
    }

    /** Takes a slot; {@link #NULL} if there is none. */
    int pop() {
        int slot = lockHead();
        putHead(slot == NULL ? NULL : links.next(slot));
        return slot;
    }

    void push(int slot) {
        // The link is written only after a head was seen that is not BUSY, and under that head's lock.
        links.setNext(slot, lockHead());
        putHead(slot);
    }

    /** First step of pop and push: the head, now BUSY for everybody else. */
    int lockHead() {
        int slot = tryLockHead();
        while (slot == BUSY) {
            Thread.onSpinWait();
            // Look before the next exchange: an exchange takes the cache line from the holder, who must write it.
            slot = head() == BUSY ? BUSY : tryLockHead();
        }
        return slot;
    }

    /** One attempt of {@link #lockHead}; {@link #BUSY} if somebody else holds it. */
    int tryLockHead() {
        return head.getAndSet(BUSY);
    }

    /** Last step of pop and push: lets the others in; a release store. */
    void putHead(int slot) {
        head.setRelease(slot);
    }

    int head() {
        return head.get();
    }
}
