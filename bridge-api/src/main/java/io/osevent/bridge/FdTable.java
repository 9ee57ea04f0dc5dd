package io.osevent.bridge;

import java.util.Arrays;

/**
 * Number to entry: which file descriptors stand in the epoll set, and with what mask. Everything here is under the set's
 * lock, so that state, interest and the kernel's set never disagree when the lock is free.
 *
 * <p>An fd's number is not the file behind it. The library, or anybody in the process, may close a number and open
 * another file under it without a word. The kernel tells by its errors: ENOENT for a number that we believe to be in
 * the set says that another file stands there now. The old entry is then <em>detached</em>: it makes no
 * {@code epoll_ctl} any more, or it would edit the place of a stranger.
 */
class FdTable {
    /** In the kernel's set, but silent: one hang-up at most. Needs no room, so it cannot fail as an ADD can. */
    static final int PAUSED = NativePort.ONESHOT;

    private static final int ASKED = Interest.READABLE | Interest.URGENT | Interest.WRITABLE;

    private final NativePort port;
    private final BackSets sets;
    private final EntryViews views;
    private FdEntry[] entries = new FdEntry[64];
    private final AlwaysReady alwaysReady = new AlwaysReady();
    private int detachedCount;

    FdTable(NativePort port, BackSets sets, EntryViews views) {
        this.port = port;
        this.sets = sets;
        this.views = views;
    }

    /**
     * Puts a registration into the set. The loop hears of it once its {@code epoll_ctl} has succeeded.
     *
     * @return 0, or {@code -errno} and nothing has changed for this registration
     */
    int add(FdRegistration registration) {
        if (registration.fd() < 0) {
            return -Errno.EBADF;
        }
        FdEntry known = entry(registration.fd());
        if (known == null) {
            return addFirst(registration);
        }
        return known.alwaysReady ? addToAlwaysReady(known, registration) : addFurther(known, registration);
    }

    private int addFirst(FdRegistration registration) {
        FdEntry entry = newEntry(registration);
        int result = insert(entry);
        if (result == -Errno.EPERM) {
            entry.alwaysReady = true;
            alwaysReady.add(entry);
        } else if (result < 0) {
            views.retire(entry.view);
            return result;
        }
        enter(entry, registration);
        return 0;
    }

    /**
     * MOD with a fresh tag, so that an event that was harvested before does not reach the newcomer. Both tags are known
     * while the kernel changes from one to the other.
     */
    private int addFurther(FdEntry entry, FdRegistration registration) {
        FdEntry.View before = entry.view;
        publish(entry, entry.with(registration));
        int mask = mask(entry);
        int result = control(NativePort.CTL_MOD, entry.fd, mask, entry.view.tag());
        if (result < 0) {
            views.retire(entry.view);
            entry.view = before;
            detach(entry);
            return result == -Errno.EBADF ? result : addFirst(registration);
        }
        views.retire(before);
        entry.written = mask;
        registration.entry = entry;
        return 0;
    }

    /** The number may name another file by now; only an ADD can tell. */
    private int addToAlwaysReady(FdEntry known, FdRegistration registration) {
        FdEntry fresh = newEntry(registration);
        int result = insert(fresh);
        if (result == 0) {
            detach(known);
            enter(fresh, registration);
            return 0;
        }
        views.retire(fresh.view);
        if (result != -Errno.EPERM) {
            return result;
        }
        known.view = new FdEntry.View(known.view.tag(), known, known.with(registration));
        registration.entry = known;
        views.publish(known.view);
        alwaysReady.update(known);
        return 0;
    }

    private FdEntry newEntry(FdRegistration registration) {
        FdEntry entry = new FdEntry(registration.fd());
        publish(entry, new FdRegistration[] {registration});
        return entry;
    }

    /**
     * Gives the entry a fresh tag. The loop can look it up before the kernel can report it: a tag that is stale was taken
     * out of the kernel's set before.
     */
    private void publish(FdEntry entry, FdRegistration[] registrations) {
        entry.view = new FdEntry.View(views.freshTag(), entry, registrations);
        views.publish(entry.view);
    }

    private int insert(FdEntry entry) {
        int mask = mask(entry);
        int result = control(NativePort.CTL_ADD, entry.fd, mask, entry.view.tag());
        if (result == -Errno.EEXIST) {
            // A detached entry's file has come back to this number: its place becomes ours.
            result = control(NativePort.CTL_MOD, entry.fd, mask, entry.view.tag());
        }
        entry.written = mask;
        return result;
    }

    private void enter(FdEntry entry, FdRegistration registration) {
        registration.entry = entry;
        if (entry.fd >= entries.length) {
            entries = Arrays.copyOf(entries, Math.max(entry.fd + 1, entries.length * 2));
        }
        entries[entry.fd] = entry;
    }

    /** Takes a registration out; when it was the fd's last one, the fd is out of the kernel's set on return. */
    void remove(FdRegistration registration) {
        FdEntry entry = registration.entry;
        entry.view = new FdEntry.View(entry.view.tag(), entry, entry.without(registration));
        if (entry.detached) {
            return;
        }
        if (entry.view.registrations().length > 0) {
            views.publish(entry.view);
            apply(entry);
            return;
        }
        if (!entry.alwaysReady) {
            // An error says that the file has gone from the number, and with it our place.
            control(NativePort.CTL_DEL, entry.fd, 0, 0);
        }
        // DEL first, then the generation: a tag that is stale was removed before, and only a zombie reports it again.
        takeOut(entry);
    }

    /**
     * The one function that writes the kernel's mask: paused if nobody may be called, else the union. Skips a write that
     * changes nothing.
     *
     * @return 0, or {@code -errno} and the entry is detached
     */
    int apply(FdEntry entry) {
        if (entry.detached) {
            return -Errno.ENOENT;
        }
        if (entry.alwaysReady) {
            alwaysReady.update(entry);
            return 0;
        }
        int mask = mask(entry);
        if (mask == entry.written) {
            return 0;
        }
        int result = control(NativePort.CTL_MOD, entry.fd, mask, entry.view.tag());
        if (result < 0) {
            detach(entry);
            return result;
        }
        entry.written = mask;
        return 0;
    }

    /** Applies each entry that a context has a part in. */
    void applyAll(NativeContext context) {
        for (FdEntry entry : entries) {
            if (entry != null && entry.serves(context)) {
                apply(entry);
            }
        }
    }

    /** From here on the entry makes no {@code epoll_ctl}; its registrations hear nothing more. */
    private void detach(FdEntry entry) {
        takeOut(entry);
        detachedCount++;
    }

    private void takeOut(FdEntry entry) {
        entries[entry.fd] = null;
        if (entry.alwaysReady) {
            alwaysReady.remove(entry);
        }
        entry.detached = true;
        views.retire(entry.view);
    }

    /**
     * Moves every live interest to a new kernel set, because the old one reports a file that can no longer be removed
     * from it. Entry by entry: an entry that cannot be deleted from the old set belongs to a stranger, and to copy it
     * would add the stranger's file.
     *
     * @return false if there was no room for another set; the old one is then in place as before
     */
    boolean rebuild() {
        int old = sets.back();
        if (!sets.replaceBack()) {
            return false;
        }
        for (FdEntry entry : entries) {
            if (entry == null || entry.alwaysReady) {
                continue;
            }
            int result = port.control(old, NativePort.CTL_DEL, entry.fd, 0, 0);
            if (result == 0) {
                result = control(NativePort.CTL_ADD, entry.fd, entry.written, entry.view.tag());
            }
            if (result < 0) {
                detach(entry);
            }
        }
        sets.discard(old);
        return true;
    }

    /** True while an always-ready entry waits to be called. */
    boolean hasReady() {
        return alwaysReady.hasActive();
    }

    /** The always-ready entries of this moment, for one round of calls. */
    FdEntry.View[] readyNow() {
        return alwaysReady.active();
    }

    /** Entries that were detached since the start. */
    int detachedCount() {
        return detachedCount;
    }

    FdEntry entry(int fd) {
        return fd < entries.length ? entries[fd] : null;
    }

    private int control(int operation, int fd, int mask, long tag) {
        return port.control(sets.back(), operation, fd, mask, tag);
    }

    /** An interest in errors and hang-ups alone gives 0 without one-shot, which reports just these. */
    private static int mask(FdEntry entry) {
        return entry.isActive() ? entry.union() & ASKED : PAUSED;
    }
}
