package io.osevent.libvirt;

import io.osevent.bridge.EventSet;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.NativeErrorException;
import io.osevent.shim.Seam;
import io.osevent.shim.internal.Shutdown;

/**
 * The six hooks that libvirt calls, from any thread and often with its locks held. Nothing here waits for the loop, and
 * nothing is thrown: to C, an exception would look like success with a wrong id.
 */
final class VirEventHooks {
    private static final System.Logger LOG = System.getLogger(VirEventHooks.class.getName());

    private static final int FAILED = -1;

    private final Seam seam;
    private final EventSet set;
    private final NativeContext context;
    private final IdTable<Handle> handles;
    private final IdTable<Timer> timers;

    VirEventHooks(Seam seam, EventSet set, NativeContext context, IdTable<Handle> handles, IdTable<Timer> timers) {
        this.seam = seam;
        this.set = set;
        this.context = context;
        this.handles = handles;
        this.timers = timers;
    }

    /** {@code virEventAddHandleFunc}. */
    int addHandle(int fd, int events, long callback, long opaque, long ff) {
        try {
            int watch = callback == 0 || fd < 0 || Shutdown.hasBegun() ? FAILED : handles.issue();
            if (watch == FAILED) {
                return refused("addHandle", fd, callback);
            }
            Handle handle = new Handle(context, seam, watch, fd, events, callback, opaque, ff);
            // Known before it is live: its callback may come, and name the id, before this hook has returned
            handles.put(watch, handle);
            try {
                set.add(handle);
            } catch (Throwable e) {
                handles.remove(watch);
                throw e;
            }
            return watch;
        } catch (Throwable e) {
            return failed("addHandle", e);
        }
    }

    /** {@code virEventUpdateHandleFunc}. */
    void updateHandle(int watch, int events) {
        try {
            Handle handle = handles.get(watch);
            if (handle == null) {
                unknown("updateHandle", watch);
                return;
            }
            try {
                set.modify(handle, VirEvents.toInterest(events));
            } catch (NativeErrorException e) {
                // Removed by another thread meanwhile: then there is nothing to say
                if (handles.get(watch) == handle) {
                    throw e;
                }
            }
        } catch (Throwable e) {
            failed("updateHandle", e);
        }
    }

    /** {@code virEventRemoveHandleFunc}. */
    int removeHandle(int watch) {
        try {
            Handle handle = handles.remove(watch);
            if (handle == null) {
                return unknown("removeHandle", watch);
            }
            return set.remove(handle) ? 0 : FAILED;
        } catch (Throwable e) {
            return failed("removeHandle", e);
        }
    }

    /** {@code virEventAddTimeoutFunc}. */
    int addTimeout(int periodMillis, long callback, long opaque, long ff) {
        try {
            int id = callback == 0 || Shutdown.hasBegun() ? FAILED : timers.issue();
            if (id == FAILED) {
                return refused("addTimeout", periodMillis, callback);
            }
            Timer timer = new Timer(context, seam, id, periodMillis, callback, opaque, ff);
            timers.put(id, timer);
            try {
                set.addPeriodic(timer);
            } catch (Throwable e) {
                timers.remove(id);
                throw e;
            }
            return id;
        } catch (Throwable e) {
            return failed("addTimeout", e);
        }
    }

    /** {@code virEventUpdateTimeoutFunc}. */
    void updateTimeout(int id, int periodMillis) {
        try {
            Timer timer = timers.get(id);
            if (timer == null) {
                unknown("updateTimeout", id);
                return;
            }
            try {
                set.reschedule(timer, periodMillis);
            } catch (NativeErrorException e) {
                if (timers.get(id) == timer) {
                    throw e;
                }
            }
        } catch (Throwable e) {
            failed("updateTimeout", e);
        }
    }

    /** {@code virEventRemoveTimeoutFunc}. */
    int removeTimeout(int id) {
        try {
            Timer timer = timers.remove(id);
            if (timer == null) {
                return unknown("removeTimeout", id);
            }
            return set.remove(timer) ? 0 : FAILED;
        } catch (Throwable e) {
            return failed("removeTimeout", e);
        }
    }

    /** How many timers were ever added; grows if libvirt calls these hooks. */
    int timersIssued() {
        return timers.lastIssued();
    }

    private static int refused(String hook, int argument, long callback) {
        String why = Shutdown.hasBegun()
                ? "the JVM is shutting down"
                : callback == 0
                        ? "there is no callback"
                        : argument < 0 ? "the file descriptor is negative" : "all ids have been used";
        LOG.log(System.Logger.Level.WARNING, "libvirt: {0}({1}) refused: {2}", hook, argument, why);
        return FAILED;
    }

    private static int unknown(String hook, int id) {
        LOG.log(System.Logger.Level.DEBUG, "libvirt: {0}({1}) names nothing that is registered", hook, id);
        return FAILED;
    }

    private static int failed(String hook, Throwable failure) {
        try {
            // What the kernel refuses is for the user, in one line; anything else is a defect, with its trace
            Throwable trace = failure instanceof NativeErrorException ? null : failure;
            LOG.log(System.Logger.Level.WARNING, "libvirt: " + hook + ": " + failure.getMessage(), trace);
        } catch (Throwable nested) {
            // Nothing may reach C, and there is nobody left to tell
            return FAILED;
        }
        return FAILED;
    }
}
