package io.osevent.bridge;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One round of an event set's work, run by the host whenever the set's descriptor is readable.
 *
 * <p>The order keeps everything alive under constant load. First, with quotas of their own, the timeouts that were due
 * when the turn began, and the finalizers that were queued. Then the fds: harvest a few, serve all of them, harvest again
 * until nothing is ready or the turn's limits are reached, which are looked at after each batch of harvests. Last the files that are always ready and the timers of every
 * turn, once each. A harvest is never served in part: epoll rotates its list by whole harvests, and what stood at the end
 * would starve.
 *
 * <p>What is left over keeps the set's descriptor readable; a turn never posts anything.
 */
public final class Turn {
    /** So many registrations are named where it is not known which of a batch was slow. */
    private static final int NAMED = 8;

    /**
     * So many callbacks, in harvests of one, may be served for one look at the clock. More would be faster; but if all of
     * them happen to be slow, the loop's other work waits for so many.
     */
    private static final int UNTIMED = 3;

    /** No token. */
    private static final long NOBODY = 0;

    private final EventSet set;
    private final NativePort port;
    private final EntryViews views;
    private final Dispatch dispatch;
    private final WorkerCalls workers;
    private final TurnLimits limits;
    private final BridgeMetrics metrics;
    private final Harvest harvest;
    private final Pace pace;

    /** The tags of the batch that is being served. */
    private final long[] batch = new long[Pace.most()];

    private int callbacks;
    private CallScope scope = CallScope.PLAIN;

    /** The callback that is running, for waits that must not count themselves; read by other threads. */
    private volatile Thread thread;

    /** The token of whose callback it is, not the object: a reference costs a garbage collector's barrier for each call. */
    private long calling = NOBODY;

    Turn(
            EventSet set,
            NativePort port,
            EntryViews views,
            Dispatch dispatch,
            WorkerCalls workers,
            TurnLimits limits,
            BridgeMetrics metrics) {
        this.set = set;
        this.port = port;
        this.views = views;
        this.dispatch = dispatch;
        this.workers = workers;
        this.limits = limits;
        this.metrics = metrics;
        this.harvest = port.newHarvest(Pace.most());
        this.pace = new Pace(limits.harvest(), limits.nanos());
    }

    /**
     * Runs one turn. By one thread at a time, the one whose lease it is; never from inside a callback.
     *
     * @param callScope what to put around the turn's callbacks
     * @return true if something may be left to do, so that the set's descriptor may still be readable
     */
    public boolean run(CallScope callScope) {
        if (set.isClosed()) {
            return false;
        }
        scope = callScope;
        callbacks = 0;
        long start = port.nanoTime();
        boolean more;
        Object entered = callScope.enter();
        thread = Thread.currentThread();
        try {
            more = serveAll(start);
        } finally {
            thread = null;
            set.endTurn();
            callScope.exit(entered);
        }
        metrics.turnEnded(port.nanoTime() - start, callbacks);
        return more;
    }

    private boolean serveAll(long start) {
        boolean timed = set.minimum() <= start;
        if (timed) {
            set.beginTurn(start);
            expire(start);
            finalizeQueued();
        }
        boolean more = serveFds(start, timed ? port.nanoTime() : start);
        if (timed) {
            serveAlwaysReady();
        }
        if (timed || set.isLeftToTurn()) {
            runZeroTimers();
        }
        return more || timed;
    }

    /** True if the calling thread is the one that runs a turn now. */
    boolean isRunningHere() {
        return thread == Thread.currentThread();
    }

    /** True if the calling thread is inside the registration's callback. */
    boolean isCalling(Registration registration) {
        return isRunningHere() && calling == registration.token();
    }

    // ---- time -------------------------------------------------------------------------------------------------------

    private void expire(long start) {
        for (int i = 0; i < limits.timeouts(); i++) {
            TimeoutRegistration timeout = set.takeDue(start);
            if (timeout == null) {
                return;
            }
            if (timeout.context().worker() != null) {
                workers.post(timeout);
            } else {
                callClaimed(timeout);
            }
        }
    }

    private void runZeroTimers() {
        for (TimeoutRegistration timer : set.zeroTimers()) {
            if (set.claimZero(timer)) {
                callClaimed(timer);
            }
        }
    }

    private void callClaimed(TimeoutRegistration timeout) {
        long before = begin(timeout);
        dispatch.call(timeout, scope);
        end(timeout, before);
        dispatch.release(timeout);
    }

    // ---- finalizers -------------------------------------------------------------------------------------------------

    /** Those of this moment: one that a finalizer queues waits for the next turn. */
    private void finalizeQueued() {
        Registration first = set.takeFinalizers(limits.finalizers());
        if (first == null) {
            return;
        }
        for (Registration next = first; next != null; next = next.nextFinalizer) {
            long before = begin(next);
            dispatch.free(next, scope);
            end(next, before);
        }
        set.finishFinalizers(first);
    }

    private long begin(Registration registration) {
        calling = registration.token();
        callbacks++;
        return port.nanoTime();
    }

    private void end(Registration registration, long before) {
        calling = NOBODY;
        long took = port.nanoTime() - before;
        if (took >= limits.slowNanos()) {
            metrics.slowCallback(registration.toString(), took);
        }
    }

    // ---- file descriptors -------------------------------------------------------------------------------------------

    /** Serves batch after batch, from start on; true if it stopped at a limit of the turn. */
    private boolean serveFds(long turnStart, long start) {
        int served = 0;
        int least = 1;
        long before = start;
        while (true) {
            int ask = pace.ask();
            least = Math.min(least, ask);
            int count = serveBatch(ask, least);
            if (count == 0) {
                return false;
            }
            served += count;
            long now = port.nanoTime();
            if (now - before >= limits.slowNanos()) {
                metrics.slowCallback(names(count), now - before);
            }
            long left = limits.nanos() - (now - turnStart);
            pace.learn(count, now - before, left);
            before = now;
            if (left <= 0 || served >= limits.callbacks()) {
                return true;
            }
            if (count < least) {
                return false;
            }
            least = Math.min(2 * least, UNTIMED);
        }
    }

    /**
     * Harvests and serves, and again as long as the harvests are small. To look at the clock costs as much as a short
     * callback; but what callbacks cost in an earlier turn says little, so that is learnt anew in each.
     *
     * @param ask how many to harvest at most
     * @param least how many to serve at least, unless no more are ready: 1 to ask
     * @return how many were served
     */
    private int serveBatch(int ask, int least) {
        int served = 0;
        while (served < least) {
            int count = harvest(ask - served);
            if (count <= 0) {
                if (count < 0) {
                    metrics.harvestFailed(-count);
                }
                return served;
            }
            for (int i = 0; i < count; i++) {
                batch[served + i] = harvest.tag(i);
                serve(i);
            }
            served += count;
        }
        return served;
    }

    /** Step 1: asks the kernel what is ready; does not wait. */
    int harvest(int ask) {
        views.beginHarvest();
        return port.await(set.backSet(), harvest, ask, 0);
    }

    /** Steps 2 to 4 for one event of the harvest, for each of the entry's registrations. */
    private void serve(int index) {
        FdEntry.View view = entry(index);
        if (view == null) {
            return;
        }
        int events = events(index);
        if (view.only() != null) {
            serve(view.entry(), view.only(), events);
            return;
        }
        for (FdRegistration registration : view.registrations()) {
            serve(view.entry(), registration, events);
        }
    }

    private void serve(FdEntry entry, FdRegistration registration, int events) {
        if (registration.context().worker() != null) {
            workers.post(entry, registration, events);
            return;
        }
        int bits = dispatch.claim(registration, events);
        if (bits != 0) {
            calling = registration.token();
            callbacks++;
            dispatch.call(registration, bits, scope);
            calling = NOBODY;
            dispatch.release(registration);
        }
    }

    /** The entry that an event of the harvest names; null for a stale tag, which is noted. */
    FdEntry.View entry(int index) {
        FdEntry.View view = lookUp(index);
        if (view == null) {
            noteStale(index);
        }
        return view;
    }

    /** Step 2: takes no lock. */
    FdEntry.View lookUp(int index) {
        return views.lookUp(harvest.tag(index));
    }

    int events(int index) {
        return harvest.events(index);
    }

    /** What follows where step 2 has found nobody. */
    void noteStale(int index) {
        metrics.staleTag();
        Boolean rebuilt = set.noteStale(harvest.tag(index));
        if (rebuilt != null) {
            metrics.rebuilt(rebuilt);
        }
    }

    private void serveAlwaysReady() {
        for (FdEntry.View view : set.alwaysReady()) {
            for (FdRegistration registration : view.registrations()) {
                serve(view.entry(), registration, AlwaysReady.EVENTS & registration.interest());
            }
        }
    }

    /** Who was served by the last batch, as far as they are still there; a line's worth of them. */
    private String names(int count) {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            FdEntry.View view = views.lookUp(batch[i]);
            for (FdRegistration registration : view == null ? new FdRegistration[0] : view.registrations()) {
                names.add(registration.toString());
            }
        }
        if (names.isEmpty()) {
            return "a registration that has gone";
        }
        String line = names.stream().limit(NAMED).collect(Collectors.joining(" or "));
        return names.size() > NAMED ? line + " or one of " + (names.size() - NAMED) + " more" : line;
    }
}
