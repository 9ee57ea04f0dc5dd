package io.osevent.bridge;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The registrations of one or more native contexts, behind one file descriptor that a host watches.
 *
 * <p>The hook operations (add, modify, remove, and those of timeouts) may be called from any thread and from inside any
 * callback. They act on the kernel's set at once, in the calling thread, and never wait for the loop; a hook waits for
 * another hook's system call at most. The foreign library may hold its own locks: this set's one lock is always taken
 * after them, and never held across a callback, a log line or a metric.
 *
 * <p>The lock covers every change that must agree with the kernel: a registration's state and interest, the entries and
 * {@code epoll_ctl}, the timeout list and the timer. Retain and release need no lock.
 */
public final class EventSet {
    private final Object lock = new Object();
    private final NativePort port;
    private final SlotTable slots;
    private final BackSets sets;
    private final EntryViews views;
    private final FdTable fds;
    private final Timers timers;
    private final Finalizers finalizers;
    private final Alarm alarm;
    private final Turn turn;
    private final Waiters waiters = new Waiters();

    /** The one minimum: written under the lock, read by the turn without it. */
    private volatile long minimum = Alarm.NEVER;

    private boolean woken;

    /**
     * The thread that runs the turn has changed what the minimum is, and programs it as the turn ends: until then it is
     * awake. Only by that thread.
     */
    private boolean leftToTurn;

    private volatile boolean closed;
    private int liveFds;
    private int liveTimeouts;
    private long registered;
    private long refused;
    private long finalized;
    private long staleTags;
    private long rebuilds;

    private EventSet(NativePort port, TurnLimits limits, BridgeMetrics metrics, SlotTable slots, int lastTag) {
        this.port = port;
        this.slots = slots;
        this.sets = new BackSets(port);
        this.views = new EntryViews(lastTag);
        this.fds = new FdTable(port, sets, views);
        this.timers = new Timers(port);
        this.finalizers = new Finalizers(port, limits.finalizerNanos());
        this.alarm = new Alarm(port, sets.timer());
        BridgeMetrics guarded = new GuardedMetrics(metrics);
        Dispatch dispatch = new Dispatch(this, slots, guarded);
        this.turn = new Turn(this, port, views, dispatch, new WorkerCalls(this, dispatch), limits, guarded);
    }

    /**
     * Opens a set: three epoll descriptors and a timer.
     *
     * @param port the kernel
     * @param limits how much one turn does
     * @param metrics who hears of the set's work
     * @return the set, watched by nobody yet
     * @throws NativeErrorException if the process or the system has no descriptors left
     */
    public static EventSet open(NativePort port, TurnLimits limits, BridgeMetrics metrics) {
        return new EventSet(port, limits, metrics, new SlotTable(), -1);
    }

    /** As {@link #open}, with a table of one's own and tags whose generations saturate at the given one. */
    static EventSet open(NativePort port, TurnLimits limits, BridgeMetrics metrics, SlotTable slots, int lastTag) {
        return new EventSet(port, limits, metrics, slots, lastTag);
    }

    /**
     * The descriptor that a host watches for readability, level-triggered; whenever it is readable, a turn is due.
     *
     * @return the front set's file descriptor, the same for the life of the set
     */
    public int fd() {
        return sets.front();
    }

    /**
     * The set's turn.
     *
     * @return the turn, which one thread at a time may run
     */
    public Turn turn() {
        return turn;
    }

    /**
     * The kernel that the set works on.
     *
     * @return the port
     */
    public NativePort port() {
        return port;
    }

    // ---- file descriptors -------------------------------------------------------------------------------------------

    /**
     * Makes a registration live. A callback may come before this method has returned.
     *
     * @param registration a new one
     * @throws NativeErrorException with the error of epoll (EBADF, ENOMEM, ENOSPC, ...), or ESHUTDOWN if the set or the
     *     context is closed. Nothing is left of the registration then, and its {@link Registration#free} is not called
     */
    public void add(FdRegistration registration) {
        int result;
        synchronized (lock) {
            result = refusal(registration.context());
            if (result == 0) {
                // The slot first: once its epoll_ctl has succeeded, the loop may look for it.
                slots.register(registration);
                result = fds.add(registration);
                if (result == 0) {
                    registered++;
                    liveFds++;
                    rearm();
                } else {
                    slots.withdraw(registration);
                }
            }
            noteRefusal(result);
        }
        check(result, "epoll_ctl(ADD)", registration);
    }

    /**
     * Changes what a registration wants to hear of. A late callback for the former interest may still be running; none
     * begins after this method has returned, but with the new one.
     *
     * @param registration a live one
     * @param interest bits of {@link Interest}; 0 silences it
     * @throws NativeErrorException with ENOENT if the registration is not live any more, or if another file stands
     *     behind its number by now, so that nothing can be delivered for it; with ESHUTDOWN if the set is closed
     */
    public void modify(FdRegistration registration, int interest) {
        int result = -Errno.ENOENT;
        synchronized (lock) {
            if (closed) {
                // The numbers of the set's own descriptors may name strangers by now.
                result = -Errno.ESHUTDOWN;
            } else if (slots.isLive(registration)) {
                registration.interest(interest);
                registration.stranded = false;
                result = fds.apply(registration.entry);
                rearm();
            }
        }
        check(result, "epoll_ctl(MOD)", registration);
    }

    // ---- time -------------------------------------------------------------------------------------------------------

    /**
     * Makes a periodic timer live, armed from now.
     *
     * @param timer a new one
     * @throws NativeErrorException with ESHUTDOWN if the set or the context is closed
     * @throws IllegalArgumentException if its context has a worker: a period that is shorter than the worker's delay
     *     would only pile up calls
     */
    public void addPeriodic(TimeoutRegistration timer) {
        if (timer.context().worker() != null) {
            throw new IllegalArgumentException("a periodic timer needs a context on the loop: " + timer);
        }
        int result;
        synchronized (lock) {
            result = addTimeout(timer);
            if (result == 0) {
                timers.arm(timer);
                rearm();
            }
        }
        check(result, "add timer", timer);
    }

    /**
     * Changes a periodic timer's period and re-arms it from now.
     *
     * @param timer a live one
     * @param periodMillis milliseconds; 0 for every turn, -1 for {@link TimeoutRegistration#OFF}
     * @throws NativeErrorException with ENOENT if the timer is not live any more
     */
    public void reschedule(TimeoutRegistration timer, int periodMillis) {
        int result = -Errno.ENOENT;
        synchronized (lock) {
            if (slots.isLive(timer)) {
                timers.disarm(timer);
                timer.period(periodMillis);
                timers.arm(timer);
                rearm();
                result = 0;
            }
        }
        check(result, "update timer", timer);
    }

    /**
     * Makes a one-shot timeout live. The wall-clock deadline is converted to the monotonic clock here and once, rounded
     * up: later steps of the wall clock do not move it, and it is never early.
     *
     * @param timeout a new one
     * @param wallClockMicros microseconds since the epoch; a time in the past, such as 0, means now
     * @throws NativeErrorException with ESHUTDOWN if the set or the context is closed
     */
    public void addOneShot(TimeoutRegistration timeout, long wallClockMicros) {
        // The wall clock first: what passes between the two readings makes the deadline later, never earlier.
        long wall = port.wallClockMicros();
        long now = port.nanoTime();
        long delay = WallClock.nanosUntil(wallClockMicros, wall);
        boolean past = delay == WallClock.PAST;
        int result;
        synchronized (lock) {
            result = addTimeout(timeout);
            if (result == 0) {
                timeout.saidNow = past;
                timers.arm(timeout, past ? now : now + delay);
                rearm();
            }
        }
        check(result, "add timeout", timeout);
    }

    /**
     * Makes a one-shot timeout due now. It delivers nothing itself: it is a hook. Nothing happens if the timeout has been
     * claimed already, or is a periodic timer. One that waits for its worker, or for the drain of its context, is only marked: the worker's claim
     * delivers it, or, if the context drains meanwhile, the drain does.
     *
     * @param timeout a one-shot timeout, in whatever state
     */
    public void modifyToNow(TimeoutRegistration timeout) {
        synchronized (lock) {
            if (timeout.isOneShot() && slots.isLive(timeout)) {
                timeout.saidNow = true;
                timers.armNow(timeout);
                rearm();
            }
        }
    }

    private int addTimeout(TimeoutRegistration timeout) {
        int refusal = refusal(timeout.context());
        if (refusal == 0) {
            slots.register(timeout);
            registered++;
            liveTimeouts++;
        }
        noteRefusal(refusal);
        return refusal;
    }

    // ---- both -------------------------------------------------------------------------------------------------------

    /**
     * Takes a registration out. No callback begins after this method has returned, and if it was the last one of its fd,
     * the fd is out of the kernel's set, so that it may be closed at once. {@link Registration#free} follows on the loop
     * after a callback that is still running.
     *
     * @param registration one that was added
     * @return false if it was not live any more: removed before, or a one-shot timeout that was claimed
     */
    public boolean remove(Registration registration) {
        synchronized (lock) {
            if (!disable(registration)) {
                return false;
            }
            if (slots.release(registration)) {
                finalizers.add(registration);
            }
            rearm();
            return true;
        }
    }

    /**
     * The registration that a token names.
     *
     * @param token from {@link Registration#token}
     * @return the registration, live or not yet finalized; null if the token is unknown or has outlived it
     */
    public Registration lookUp(long token) {
        return slots.lookUp(token);
    }

    /**
     * Completes when the registration's running callbacks have returned and its {@link Registration#free} has been
     * called, or, from inside its own callback, at once: a wait does not count oneself.
     *
     * @param registration one that was removed
     * @return completed on the loop's thread, or at once
     */
    public CompletionStage<Void> finalized(Registration registration) {
        synchronized (lock) {
            if (slots.lookUp(registration.token()) == registration
                    && !turn.isCalling(registration)
                    && !registration.context().isInside(registration)) {
                return waiters.awaitOne(registration);
            }
        }
        return CompletableFuture.completedStage(null);
    }

    /**
     * Completes when every registration has been removed and finalized; at once if there is none.
     *
     * @return completed on the loop's thread, or at once
     */
    public CompletionStage<Void> empty() {
        synchronized (lock) {
            if (registered != finalized) {
                return waiters.awaitAll();
            }
        }
        return CompletableFuture.completedStage(null);
    }

    /**
     * Makes a turn due now, whatever else there is to do.
     */
    public void wake() {
        synchronized (lock) {
            if (!closed) {
                woken = true;
                rearm();
            }
        }
    }

    /**
     * Counts of this moment.
     *
     * @return a snapshot
     */
    public EventSetStats stats() {
        synchronized (lock) {
            return new EventSetStats(
                    liveFds,
                    liveTimeouts,
                    finalizers.size(),
                    registered,
                    refused,
                    finalized,
                    staleTags,
                    rebuilds,
                    fds.detachedCount());
        }
    }

    /**
     * The registrations that are not finalized, for messages.
     *
     * @return their names, in no order
     */
    public List<String> describe() {
        return slots.occupants(any -> true).stream().map(Registration::toString).toList();
    }

    /**
     * Closes the set's descriptors. Only after the host's lease was cancelled; hooks that come later are refused.
     */
    public void close() {
        synchronized (lock) {
            if (!closed) {
                closed = true;
                sets.close();
            }
        }
    }

    // ---- for the turn and the workers -------------------------------------------------------------------------------

    boolean isClosed() {
        return closed;
    }

    int backSet() {
        return sets.back();
    }

    /** True if the calling thread holds the lock; for checks that it is not held where it must not be. */
    boolean holdsLock() {
        return Thread.holdsLock(lock);
    }

    /** When the next turn is due by time. */
    long minimum() {
        return minimum;
    }

    /** Whether the running turn has changed when the next one is due. By the turn's thread. */
    boolean isLeftToTurn() {
        return leftToTurn;
    }

    /** Programs what was left to the turn, when that is over for {@link Turn#isRunningHere}. */
    void endTurn() {
        if (leftToTurn) {
            synchronized (lock) {
                leftToTurn = false;
                rearm();
            }
        }
    }

    void beginTurn(long now) {
        synchronized (lock) {
            woken = false;
            timers.beginTurn(now);
            rearm();
        }
    }

    /**
     * Takes the next timeout that was due when the turn began. One of a worker is only taken off the list; any other is
     * claimed: a one-shot timeout disabled, a periodic one retained and re-armed from now, before its callback, so that
     * what the callback says about it wins.
     *
     * <p>The timer is programmed only if nothing is left to take. Otherwise it stays as it has fired, so that the set's
     * descriptor is readable: what a turn leaves behind is the next one's.
     */
    TimeoutRegistration takeDue(long turnStart) {
        synchronized (lock) {
            TimeoutRegistration timeout = timers.due(turnStart);
            while (timeout != null) {
                boolean taken = true;
                if (timeout.context().worker() != null) {
                    timers.disarm(timeout);
                } else {
                    taken = claim(timeout);
                }
                if (taken) {
                    return timeout;
                }
                timeout = timers.due(turnStart);
            }
            rearm();
            return null;
        }
    }

    /** A timer of every turn, if it still is one. */
    boolean claimZero(TimeoutRegistration timer) {
        synchronized (lock) {
            return timer.period() == 0 && slots.isLive(timer) && claim(timer);
        }
    }

    private boolean claim(TimeoutRegistration timeout) {
        if (!timeout.context().enterCallIn(timeout)) {
            // The context is draining: the timeout is the drain's.
            timers.disarm(timeout);
            return false;
        }
        boolean claimed;
        if (timeout.isOneShot()) {
            claimed = disable(timeout);
        } else {
            claimed = slots.retain(timeout);
            if (timeout.period() > 0) {
                timers.arm(timeout);
            }
        }
        if (!claimed) {
            timeout.context().exit();
        }
        return claimed;
    }

    /** The claim of a one-shot timeout that was handed to a worker; false if the drain, or a removal, was first. */
    boolean claimOnWorker(TimeoutRegistration timeout) {
        synchronized (lock) {
            return disable(timeout);
        }
    }

    /** A timeout that no worker has taken is due again, in the next turn. */
    void handBack(TimeoutRegistration timeout) {
        synchronized (lock) {
            if (slots.isLive(timeout)) {
                timers.arm(timeout, port.nanoTime());
                rearm();
            }
        }
    }

    TimeoutRegistration[] zeroTimers() {
        synchronized (lock) {
            return timers.everyTurn();
        }
    }

    FdEntry.View[] alwaysReady() {
        synchronized (lock) {
            return fds.readyNow();
        }
    }

    void queueFinalizer(Registration registration) {
        synchronized (lock) {
            finalizers.add(registration);
            rearm();
        }
    }

    /**
     * Takes those off the queue whose ff is to be called now. All at once, and all finished at once: whoever removes
     * registrations in the meantime would meet the loop at this lock for each of them.
     *
     * @return the first of at most so many, linked through {@link Registration#nextFinalizer}; null if none waits
     */
    Registration takeFinalizers(int most) {
        synchronized (lock) {
            Registration first = finalizers.take(most);
            rearm();
            return first;
        }
    }

    /** After their ffs: the slots are free for the next registrations, which needs no lock. */
    void finishFinalizers(Registration first) {
        int count = 0;
        for (Registration done = first; done != null; done = done.nextFinalizer) {
            slots.finalized(done);
            count++;
        }
        Runnable told;
        synchronized (lock) {
            finalized += count;
            told = waiters.finalized(first, registered == finalized);
        }
        if (told != null) {
            told.run();
        }
        unlink(first);
    }

    /** Whoever keeps one of them must not keep them all. */
    private static void unlink(Registration first) {
        Registration done = first;
        while (done != null) {
            Registration next = done.nextFinalizer;
            done.nextFinalizer = null;
            done = next;
        }
    }

    void beginBusy(FdEntry entry) {
        synchronized (lock) {
            entry.busy++;
            fds.apply(entry);
            rearm();
        }
    }

    void endBusy(FdEntry entry) {
        synchronized (lock) {
            entry.busy--;
            if (!closed) {
                fds.apply(entry);
                rearm();
            }
        }
    }

    /** The worker refused: the entry is not busy, but this registration waits until the library asks again. */
    void strand(FdEntry entry, FdRegistration registration) {
        synchronized (lock) {
            registration.stranded = true;
            endBusy(entry);
        }
    }

    /**
     * Counts a tag of the last harvest that no entry has, and rebuilds the kernel's set if it is a zombie's.
     *
     * @return whether the set was rebuilt, or could not be for want of room; null for an ordinary removal race, which is
     *     no reason to rebuild
     */
    Boolean noteStale(long tag) {
        synchronized (lock) {
            staleTags++;
            if (closed || !views.isZombie(tag)) {
                return null;
            }
            views.rebuilt();
            boolean done = fds.rebuild();
            if (done) {
                rebuilds++;
            }
            rearm();
            return done;
        }
    }

    // ---- for the teardown of a context ------------------------------------------------------------------------------

    /** Every live registration of a context. */
    List<Registration> liveOf(NativeContext context) {
        synchronized (lock) {
            return slots.occupants(registration -> registration.context() == context && slots.isLive(registration));
        }
    }

    /** Claims a one-shot timeout that is due because the library said "now"; for the drain, exactly one claim wins. */
    boolean claimForDrain(TimeoutRegistration timeout) {
        synchronized (lock) {
            boolean claimed = timeout.isOneShot() && timeout.saidNow && disable(timeout);
            rearm();
            return claimed;
        }
    }

    /** Ends a delivery of the drain. */
    void endDrained(TimeoutRegistration timeout) {
        if (slots.release(timeout)) {
            queueFinalizer(timeout);
        }
    }

    /** Silences the fds of a draining context. */
    void pause(NativeContext context) {
        synchronized (lock) {
            context.paused(true);
            if (!closed) {
                fds.applyAll(context);
                rearm();
            }
        }
    }

    // ---- under the lock ---------------------------------------------------------------------------------------------

    private void noteRefusal(int result) {
        if (result < 0) {
            refused++;
        }
    }

    private int refusal(NativeContext context) {
        return closed || context.refusesRegistrations() ? -Errno.ESHUTDOWN : 0;
    }

    /** LIVE to DISABLED, and out of the kernel's set or the list; the caller owns the foreign library's reference. */
    private boolean disable(Registration registration) {
        if (!slots.disable(registration)) {
            return false;
        }
        if (registration instanceof FdRegistration fd) {
            liveFds--;
            if (!closed) {
                fds.remove(fd);
            }
        } else {
            liveTimeouts--;
            timers.disarm((TimeoutRegistration) registration);
        }
        return true;
    }

    /** Programs the one minimum; what the turn changes itself, it programs as it ends. */
    private void rearm() {
        boolean now = woken || fds.hasReady();
        long next = now ? Alarm.NOW : Math.min(timers.minimum(), finalizers.due());
        if (next != minimum && !closed) {
            if (turn.isRunningHere()) {
                leftToTurn = true;
            } else {
                minimum = next;
                alarm.set(next);
            }
        }
    }

    private static void check(int result, String call, Registration registration) {
        if (result < 0) {
            throw new NativeErrorException(call, -result, registration);
        }
    }
}
