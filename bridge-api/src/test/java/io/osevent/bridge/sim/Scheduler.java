package io.osevent.bridge.sim;

import io.osevent.bridge.SimKernel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Runs simulated threads one at a time and decides, by the seed, who goes on at each point. Time is virtual: it goes on a
 * little at each switch, now and then by a leap, and to the next timer when nobody has anything to do.
 *
 * <p>A schedule that fails is abandoned: its threads stay parked, and the pool that they came from is given up.
 */
final class Scheduler {
    /** A timer this near counts as work to do, not as time to pass. */
    private static final long IMMINENT_NANOS = 1_000;

    private static final long POINTS_MAX = 3_000_000;
    private static final int SPINS_MAX = 100_000;
    private static final int TRACE_MAX = 20_000;

    private static final class Monitor {
        SimThread owner;
        int depth;
    }

    private final Dice dice;
    private final SimKernel kernel;
    private final Pool pool;
    private final int meanGap;
    private final boolean withoutMonitors;
    private final List<SimThread> threads = new ArrayList<>();
    private final Map<Object, Monitor> monitors = new IdentityHashMap<>();
    private final ArrayDeque<String> trace;
    private final Thread controller = Thread.currentThread();
    private SimThread[] candidates = new SimThread[8];
    private SimThread running;
    private int gap = Integer.MAX_VALUE;
    private long points;
    private long switches;
    private long fingerprint;
    private Object libraryMonitor;
    private int coreMonitorsHeld;
    private volatile boolean finished;
    private volatile Throwable failure;

    /** Lanes to use again; given up after a failure. */
    static final class Pool {
        private final List<SimThread.Lane> lanes = new ArrayList<>();

        SimThread.Lane lane(int index) {
            while (lanes.size() <= index) {
                lanes.add(new SimThread.Lane("simulated-" + lanes.size()));
            }
            return lanes.get(index);
        }
    }

    Scheduler(Dice dice, SimKernel kernel, Pool pool, boolean tracing, boolean withoutMonitors) {
        this.dice = dice;
        this.kernel = kernel;
        this.pool = pool;
        this.meanGap = dice.oneOf(2, 5, 12, 30, 80, 250, 800);
        this.trace = tracing ? new ArrayDeque<>() : null;
        this.withoutMonitors = withoutMonitors;
    }

    // ---- for the controller -----------------------------------------------------------------------------------------

    SimThread spawn(String name, Runnable body) {
        SimThread thread = new SimThread(name, pool.lane(threads.size()));
        threads.add(thread);
        if (candidates.length < threads.size()) {
            candidates = new SimThread[threads.size() * 2];
        }
        thread.lane.give(() -> {
            try {
                body.run();
            } catch (Throwable thrown) {
                fail(thrown);
            }
            thread.done = true;
            handOver(pick());
        });
        return thread;
    }

    /** Runs until every thread has ended; returns null or why it failed. */
    Throwable run(long boundMillis) {
        long bound = System.nanoTime() + boundMillis * 1_000_000;
        Interleave.by(this);
        gap = sampleGap();
        SimThread first = pick();
        running = first;
        first.lane.wake();
        while (!finished) {
            long left = bound - System.nanoTime();
            if (left <= 0) {
                failure = new AssertionError("the schedule did not end within " + boundMillis + " ms; running: "
                        + running.name + " at "
                        + List.of(running.lane.thread().getStackTrace()).stream()
                                .limit(12)
                                .map(Object::toString)
                                .collect(Collectors.joining("\n    ", "\n    ", "")));
                break;
            }
            LockSupport.parkNanos(this, left);
        }
        Interleave.by(null);
        return failure;
    }

    long fingerprint() {
        return fingerprint * 31 + points;
    }

    long switches() {
        return switches;
    }

    List<String> trace() {
        return trace == null ? List.of() : List.copyOf(trace);
    }

    // ---- for simulated threads --------------------------------------------------------------------------------------

    SimThread running() {
        return running;
    }

    boolean tracing() {
        return trace != null;
    }

    void log(String what) {
        if (trace != null) {
            if (trace.size() == TRACE_MAX) {
                trace.removeFirst();
            }
            trace.add(kernel.nanoTime() + " " + (running == null ? "setup" : running.name) + ": " + what);
        }
    }

    /** Ends the schedule; does not return. */
    void fail(Throwable why) {
        if (failure == null) {
            failure = why;
        }
        finished = true;
        LockSupport.unpark(controller);
        while (true) {
            LockSupport.park(this);
        }
    }

    void fail(String why) {
        fail(new AssertionError(why));
    }

    void point() {
        if (--gap < 0) {
            preempt();
        }
    }

    void spin() {
        if (running != null) {
            if (++running.spins > SPINS_MAX) {
                fail(running.name + " spins for ever");
            }
            preempt();
        }
    }

    /** Waits until something is so. */
    void await(String what, BooleanSupplier condition) {
        SimThread me = running;
        if (condition.getAsBoolean()) {
            point();
            return;
        }
        me.waitsFor = condition;
        me.waitsForWhat = what;
        handOver(pick());
        me.waitsFor = null;
        me.waitsForWhat = null;
    }

    /** Waits until nobody else can run without time passing. */
    void awaitIdle() {
        SimThread me = running;
        me.waitsForIdle = true;
        me.waitsForWhat = "the others";
        handOver(pick());
        me.waitsForIdle = false;
        me.waitsForWhat = null;
    }

    /** The library's own lock is no lock of the core. */
    void libraryMonitor(Object monitor) {
        libraryMonitor = monitor;
    }

    void enter(Object monitor) {
        SimThread me = running;
        if (me == null) {
            return;
        }
        me.spins = 0;
        point();
        if (withoutMonitors && monitor != libraryMonitor) {
            return;
        }
        Monitor m = monitors.computeIfAbsent(monitor, o -> new Monitor());
        while (m.owner != null && m.owner != me) {
            me.blockedOn = monitor;
            handOver(pick());
            me.blockedOn = null;
        }
        m.owner = me;
        m.depth++;
        if (monitor != libraryMonitor) {
            me.coreMonitors++;
            coreMonitorsHeld++;
        }
    }

    void exit(Object monitor) {
        SimThread me = running;
        if (me == null || withoutMonitors && monitor != libraryMonitor) {
            return;
        }
        Monitor m = monitors.get(monitor);
        if (--m.depth == 0) {
            m.owner = null;
        }
        if (monitor != libraryMonitor) {
            me.coreMonitors--;
            coreMonitorsHeld--;
        }
        point();
    }

    // ---- inside -----------------------------------------------------------------------------------------------------

    private int sampleGap() {
        int sampled = dice.below(2 * meanGap + 1);
        points += sampled + 1;
        return sampled;
    }

    private void preempt() {
        if (running == null) {
            gap = Integer.MAX_VALUE;
            return;
        }
        handOver(pick());
    }

    private void handOver(SimThread next) {
        SimThread me = running;
        gap = sampleGap();
        if (points > POINTS_MAX) {
            fail("no end after " + POINTS_MAX + " points: " + states());
        }
        fingerprint = fingerprint * 31 + (next == null ? 7 : threads.indexOf(next));
        if (next == me) {
            return;
        }
        if (next == null) {
            finished = true;
            running = null;
            LockSupport.unpark(controller);
            return;
        }
        switches++;
        running = next;
        next.lane.wake();
        if (!me.done) {
            me.lane.await();
        }
    }

    private boolean canRun(SimThread thread) {
        if (thread.done || thread.waitsForIdle) {
            return false;
        }
        if (thread.blockedOn != null) {
            return monitors.get(thread.blockedOn).owner == null;
        }
        return thread.waitsFor == null || thread.waitsFor.getAsBoolean();
    }

    private SimThread pick() {
        passTime();
        while (true) {
            int count = 0;
            for (SimThread thread : threads) {
                if (canRun(thread)) {
                    candidates[count++] = thread;
                }
            }
            if (count > 0) {
                return candidates[count == 1 ? 0 : dice.below(count)];
            }
            long now = kernel.nanoTime();
            long timer = kernel.nextTimer();
            boolean ahead = timer != Long.MAX_VALUE && timer > now;
            if (!ahead || timer - now > IMMINENT_NANOS) {
                SimThread patient = waitingForIdle();
                if (patient != null) {
                    return patient;
                }
                if (!ahead) {
                    if (threads.stream().allMatch(t -> t.done)) {
                        return null;
                    }
                    fail("deadlock: " + states());
                }
            }
            kernel.advance(timer - now);
        }
    }

    private SimThread waitingForIdle() {
        for (SimThread thread : threads) {
            if (thread.waitsForIdle && !thread.done) {
                return thread;
            }
        }
        return null;
    }

    private void passTime() {
        int chance = dice.below(64);
        // A thread that loses the processor between its look at the clock and its call makes a timer late, but not
        // lost;
        // only leaps at such places would look like the latter.
        if (chance > 1 || coreMonitorsHeld > 0) {
            kernel.advance(chance & 7);
        } else {
            long timer = kernel.nextTimer();
            long leap = chance == 0 || timer == Long.MAX_VALUE
                    ? dice.below(3_000_000)
                    : Math.min(timer - kernel.nanoTime(), 5_000_000_000L);
            kernel.advance(Math.max(1, leap));
        }
    }

    private String states() {
        return threads.stream().map(SimThread::state).collect(Collectors.joining("; "));
    }
}
