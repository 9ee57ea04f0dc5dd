package io.osevent.bridge;

/**
 * One file descriptor's place in the epoll set, shared by its registrations. Everything here is under the set's lock;
 * what the loop needs without it is in {@link View}.
 */
final class FdEntry {
    /**
     * An immutable picture of an entry: the tag that epoll reports and the registrations to serve, fetched by the loop
     * in one read.
     *
     * @param only the registration, if it is the only one: nearly always, and then a look at the array is saved
     */
    record View(long tag, FdEntry entry, FdRegistration[] registrations, FdRegistration only) {
        View(long tag, FdEntry entry, FdRegistration[] registrations) {
            this(tag, entry, registrations, registrations.length == 1 ? registrations[0] : null);
        }
    }

    final int fd;

    View view;

    /** The mask that the kernel holds for this fd. */
    int written;

    /** Call-ins of this entry that are queued or running on a worker; the entry is paused while there are any. */
    int busy;

    /** The number belongs to another file by now: no {@code epoll_ctl} any more. */
    boolean detached;

    /** epoll refuses the file (EPERM: a regular file), which is ready at all times. */
    boolean alwaysReady;

    FdEntry(int fd) {
        this.fd = fd;
    }

    /** What its registrations want together; those of a paused context, and those that are stranded, want nothing. */
    int union() {
        int union = 0;
        for (FdRegistration registration : view.registrations()) {
            if (!registration.stranded && !registration.context().isPaused()) {
                union |= registration.interest();
            }
        }
        return union;
    }

    /** True if there is somebody to call and nothing that forbids it now. */
    boolean isActive() {
        return busy == 0 && union() != 0;
    }

    /** True if one of its registrations belongs to the context. */
    boolean serves(NativeContext context) {
        for (FdRegistration registration : view.registrations()) {
            if (registration.context() == context) {
                return true;
            }
        }
        return false;
    }

    FdRegistration[] with(FdRegistration added) {
        FdRegistration[] old = view.registrations();
        FdRegistration[] all = java.util.Arrays.copyOf(old, old.length + 1);
        all[old.length] = added;
        return all;
    }

    FdRegistration[] without(FdRegistration removed) {
        FdRegistration[] old = view.registrations();
        FdRegistration[] rest = new FdRegistration[old.length - 1];
        int n = 0;
        for (FdRegistration registration : old) {
            if (registration != removed) {
                rest[n++] = registration;
            }
        }
        return rest;
    }
}
