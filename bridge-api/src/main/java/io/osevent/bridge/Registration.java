package io.osevent.bridge;

/**
 * A file descriptor or a timeout that a foreign library has asked for. A dialect extends {@link FdRegistration} or
 * {@link TimeoutRegistration} with what one callback needs: function pointers and opaques, immutable, in a fresh object
 * for each registration.
 *
 * <p>Its life is one {@code StateWord}. The foreign library holds one reference until it deregisters, each running
 * callback holds one, and the finalizer holds the last. {@link #free} therefore runs exactly once, after the last
 * callback has returned, and no callback begins after the deregistration has returned.
 */
public abstract class Registration {
    /** Where the word lives; set once, when the registration gets its slot. */
    int slot = -1;

    int generation;

    /** Link in {@link Finalizers}; under the set's lock. */
    Registration nextFinalizer;

    private final NativeContext context;

    Registration(NativeContext context) {
        this.context = context;
    }

    /**
     * The context that this registration belongs to.
     *
     * @return the context, never null
     */
    public final NativeContext context() {
        return context;
    }

    /**
     * What the foreign library may hold instead of a pointer: slot and generation, never 0, never re-used. Any thread,
     * from the moment on when the registration was added.
     *
     * @return the token
     */
    public final long token() {
        return Token.of(slot, generation);
    }

    /**
     * Frees the foreign library's opaque ("ff"). The loop's thread, on a clean stack, no lock held; it may call every
     * hook, also for other registrations. Called once for each registration that was added, whether or not the library
     * gave a function to call.
     */
    protected void free() {}

    /**
     * Names the registration for messages, such as {@code "libvirt handle 7 (fd 12)"}.
     *
     * @return one line
     */
    @Override
    public abstract String toString();
}
