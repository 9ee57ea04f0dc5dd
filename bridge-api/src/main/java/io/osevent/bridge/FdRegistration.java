package io.osevent.bridge;

/** A foreign library's interest in one file descriptor. Several may name the same descriptor. */
public abstract class FdRegistration extends Registration {
    private final int fd;

    /** Written under the set's lock; read without it right before each callback. */
    private volatile int interest;

    /**
     * The worker refused a call-in: of no account until the library asks again, or it would be refused in every turn.
     * Under the set's lock.
     */
    boolean stranded;

    /** The fd's place in the set; under the set's lock. */
    FdEntry entry;

    /**
     * A registration that {@link EventSet#add(FdRegistration)} makes live.
     *
     * @param context the native context it belongs to
     * @param fd the file descriptor, 0 or more
     * @param interest bits of {@link Interest}; 0 is legal and silent
     */
    protected FdRegistration(NativeContext context, int fd, int interest) {
        super(context);
        this.fd = fd;
        this.interest = interest & Interest.ALL;
    }

    /**
     * The file descriptor.
     *
     * @return its number
     */
    public final int fd() {
        return fd;
    }

    /**
     * What the library wants to hear of at this moment. Any thread.
     *
     * @return bits of {@link Interest}
     */
    public final int interest() {
        return interest;
    }

    final void interest(int bits) {
        interest = bits & Interest.ALL;
    }

    /**
     * Calls the foreign library: the file descriptor is ready. On the loop, or on the context's ordered worker if it has
     * one; no lock held; it may call every hook, also for this registration.
     *
     * @param events bits of {@link Interest}, never 0, all of them in {@link Interest#effective} of the interest
     */
    protected abstract void ready(int events);
}
