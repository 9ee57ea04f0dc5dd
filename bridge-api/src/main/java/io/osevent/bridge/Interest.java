package io.osevent.bridge;

/**
 * The events of a file descriptor, in the bits that {@code poll(2)} and {@code epoll(7)} share.
 *
 * <p>Foreign libraries have bits of their own (libvirt) or these (libxl); a dialect translates.
 */
public final class Interest {
    /** Readable: {@code EPOLLIN}. */
    public static final int READABLE = 1;

    /** Urgent data: {@code EPOLLPRI}. */
    public static final int URGENT = 2;

    /** Writable: {@code EPOLLOUT}. */
    public static final int WRITABLE = 4;

    /** Error: {@code EPOLLERR}; reported unasked unless the interest is empty. */
    public static final int ERROR = 8;

    /** Hang-up: {@code EPOLLHUP}; reported unasked unless the interest is empty. */
    public static final int HANGUP = 16;

    static final int ALL = READABLE | URGENT | WRITABLE | ERROR | HANGUP;

    private Interest() {}

    /**
     * What may be delivered under an interest: nothing if it is empty, else its bits, errors and hang-ups.
     *
     * @param interest bits that were asked for
     * @return bits that may be delivered
     */
    public static int effective(int interest) {
        return interest == 0 ? 0 : interest | ERROR | HANGUP;
    }
}
