package io.osevent.bridge.sim;

import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.Interest;
import io.osevent.bridge.LeaseKeeper;
import io.osevent.bridge.ObservedCore;
import io.osevent.bridge.ObservedCore.Weakness;
import io.osevent.bridge.Registration;
import io.osevent.bridge.SimKernel;
import io.osevent.bridge.SlotObserver;
import io.osevent.bridge.TurnLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Everything of one schedule: the core, its kernel, its hosts, and the library that uses it. */
final class World implements SlotObserver {
    final Dice dice;
    final SimKernel kernel = new SimKernel();
    final Scheduler scheduler;
    final EventSet set;
    final LeaseKeeper keeper;
    final List<SimHost> hosts = new ArrayList<>();
    final List<SimContext> contexts = new ArrayList<>();
    final List<SimWorker> workers = new ArrayList<>();
    final List<SimFd> fds = new ArrayList<>();
    final List<SimTimeout> timeouts = new ArrayList<>();
    final Script script;

    /** The library's own lock: held around hooks, and taken in callbacks. */
    final Object libraryLock = new Object();

    /** Leases that have begun and not ended; never more than one. */
    int leases;

    /** The host whose turn runs; null if none does. */
    String turnOf;

    /** Operations of the library that are under way. */
    int underWay;

    /** What may leave a file in the kernel's set that nobody can take out. */
    int zombies;

    /** Registrations that were removed, and changes that gave an entry a fresh tag. */
    int removals;

    private final ArrayDeque<Runnable> children = new ArrayDeque<>();
    private final int descriptorsAtStart;
    private boolean stopping;

    World(long seed, Weakening weakening, Scheduler.Pool pool, boolean tracing) {
        dice = new Dice(seed);
        scheduler = new Scheduler(dice, kernel, pool, tracing, weakening == Weakening.NO_LOCK);
        scheduler.libraryMonitor(libraryLock);
        descriptorsAtStart = kernel.openDescriptors();
        Weakness weakness = switch (weakening) {
            case RETAIN_WITHOUT_CHECK -> Weakness.RETAIN_WITHOUT_CHECK;
            case EARLY_FINALIZER -> Weakness.EARLY_FINALIZER;
            default -> Weakness.NONE;
        };
        set = ObservedCore.open(
                new SimPort(this, weakening),
                limits(),
                new LockFreeMetrics(),
                this,
                weakness,
                dice.oneIn(4) ? dice.between(1, 3) : -1,
                dice.oneIn(4) ? dice.between(1, 3) : -1);
        script = new Script(this);
        kernel.listen(this::reported);
        SimHost parking = new SimHost(this, "parking");
        hosts.add(parking);
        hosts.add(new SimHost(this, "loop"));
        hosts.add(new SimHost(this, "loop2"));
        keeper = new LeaseKeeper(set, parking);
        contexts.add(new SimContext(this, "library", set, true, null, null));
        int others = dice.oneOf(0, 0, 1, 1, 2);
        boolean onLoop = dice.oneIn(3);
        for (int i = 0; i < others; i++) {
            boolean hasWorker = i > 0 || !onLoop;
            SimWorker worker = null;
            if (hasWorker) {
                worker = new SimWorker(this, "worker" + i);
                workers.add(worker);
            }
            contexts.add(new SimContext(this, "ctx" + i, set, false, worker, hosts.get(1)));
        }
        script.leasesMove = others == 0 || !onLoop;
        keeper.install(hosts.get(1));
        scheduler.spawn("children", this::reap);
        scheduler.spawn("director", new Director(this)::run);
    }

    private TurnLimits limits() {
        return dice.oneIn(3)
                ? TurnLimits.DEFAULT
                : new TurnLimits(
                        dice.between(1, 6),
                        dice.oneOf(1, 20, 500, 200_000),
                        dice.between(1, 4),
                        dice.between(1, 3),
                        dice.between(1, 3),
                        dice.oneOf(5, 100, 10_000_000));
    }

    void fail(String why) {
        scheduler.fail(why);
    }

    /** The core's lock is never held across a call, a post, a metric or a log line. */
    void expectNoLock(String what) {
        SimThread me = scheduler.running();
        if (me != null && me.coreMonitors > 0) {
            fail("the core holds a lock across " + what);
        }
    }

    List<Modelled> registrationsOf(SimContext context) {
        List<Modelled> all = new ArrayList<>();
        for (SimFd fd : fds) {
            if (fd.life().home == context) {
                all.add(fd);
            }
        }
        for (SimTimeout timeout : timeouts) {
            if (timeout.life().home == context) {
                all.add(timeout);
            }
        }
        return all;
    }

    // ---- what the kernel tells --------------------------------------------------------------------------------------

    private void reported(Object file, int fd, int events) {
        for (SimFd registration : fds) {
            boolean its = registration.file == file || registration.renamedTo == file;
            if (its && registration.fd() == fd && registration.life().bound) {
                registration.reports++;
                registration.reported |= events;
            }
        }
    }

    /** An {@code epoll_ctl} for an add in progress has ended. */
    void controlled(int fd, boolean regular, boolean done) {
        SimThread me = scheduler.running();
        if (me != null && me.adding instanceof SimFd adding && adding.fd() == fd) {
            if (done) {
                adding.bind(kernel.identity(fd), regular);
            } else {
                adding.life().bound = false;
            }
        }
    }

    void systemCallFailed(int fd) {
        zombies++;
        for (SimFd registration : fds) {
            if (registration.fd() == fd) {
                registration.broken = true;
            }
        }
    }

    /** The number is about to mean another file, or none. */
    void orphan(int fd) {
        boolean rude = false;
        for (SimFd registration : fds) {
            Life life = registration.life();
            if (registration.fd() == fd && !life.removed && !life.refused) {
                registration.orphaned = true;
                rude = true;
            }
        }
        if (rude) {
            zombies++;
        }
    }

    /** The number means another file now. */
    void renamed(int fd) {
        for (SimFd registration : fds) {
            if (registration.fd() == fd && registration.orphaned) {
                registration.renamedTo = kernel.identity(fd);
            }
        }
    }

    // ---- what the table of slots tells ------------------------------------------------------------------------------

    @Override
    public void retained(Registration registration) {
        if (registration instanceof Modelled modelled) {
            modelled.life().retained();
            modelled.retained();
        }
    }

    @Override
    public void disabled(Registration registration) {
        if (registration instanceof Modelled modelled) {
            modelled.life().disabled = true;
            modelled.disabled();
        }
    }

    // ---- liveness ---------------------------------------------------------------------------------------------------

    /** True if nobody has anything to do but to wait. */
    boolean isAsleep() {
        long timer = kernel.nextTimer();
        return underWay == 0
                && leases == 1
                && children.isEmpty()
                && (timer == Long.MAX_VALUE || timer - kernel.nanoTime() > 1_000)
                && hosts.stream().allMatch(SimHost::isAsleep)
                && workers.stream().allMatch(SimWorker::isIdle);
    }

    /** The loop sleeps: then there must be nothing that anybody waits for. */
    void checkNothingIsLost() {
        for (SimFd fd : fds) {
            if (mustHear(fd) && (fd.regular || isReady(fd))) {
                fail("lost: " + fd + " is ready and wanted, and the loop sleeps; the kernel's set: "
                        + kernel.describe(ObservedCore.backSet(set)));
            }
        }
        for (SimTimeout timeout : timeouts) {
            if (timeout.isOverslept() && timeout.life().home.delivers()) {
                fail("overslept: " + timeout + " was due at " + timeout.latest() + " and it is " + kernel.nanoTime());
            }
        }
    }

    boolean mustHear(SimFd fd) {
        int wanted = fd.regular ? Interest.READABLE | Interest.WRITABLE : -1;
        return fd.life().isLive()
                && !fd.orphaned
                && !fd.broken
                && fd.life().home.delivers()
                && (fd.asked() & wanted) != 0;
    }

    boolean isReady(SimFd fd) {
        return (kernel.readiness(fd.fd()) & Interest.effective(fd.asked())) != 0;
    }

    // ---- children and the end ---------------------------------------------------------------------------------------

    /** Something that the library waits for, such as the end of a child process. */
    void later(Runnable end) {
        children.add(end);
    }

    private void reap() {
        while (true) {
            scheduler.await("the end of a child", () -> stopping || !children.isEmpty());
            Runnable end = children.poll();
            if (end == null) {
                return;
            }
            end.run();
        }
    }

    void stop() {
        stopping = true;
        hosts.forEach(SimHost::stop);
        workers.forEach(SimWorker::stop);
    }

    int descriptorsAtStart() {
        return descriptorsAtStart;
    }

    int turns() {
        return hosts.stream().mapToInt(h -> h.turns).sum();
    }

    private final class LockFreeMetrics implements BridgeMetrics {
        @Override
        public void turnEnded(long nanos, int callbacks) {
            expectNoLock("a metric");
        }

        @Override
        public void slowCallback(String names, long nanos) {
            expectNoLock("a metric");
        }

        @Override
        public void callbackFailed(String registration) {
            expectNoLock("a metric");
        }

        @Override
        public void staleTag() {
            expectNoLock("a metric");
            scheduler.log("stale tag");
        }

        @Override
        public void rebuilt(boolean done) {
            expectNoLock("a metric");
            scheduler.log("rebuilt " + done);
        }
    }
}
