package io.osevent.it.faults;

import io.osevent.bridge.Errno;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.EventSetStats;
import io.osevent.bridge.Interest;
import io.osevent.bridge.NativeErrorException;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.NativeFds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** File descriptors that run out, vanish, and change their meaning. */
final class FdFaults {
    private static final Map<FaultySeam.Call, Integer> OPENING =
            Map.of(FaultySeam.Call.CREATE_SET, 2, FaultySeam.Call.CREATE_TIMER, 1, FaultySeam.Call.ADD, 2);

    private FdFaults() {}

    /** Each allocation of a new set fails in turn: a clear error, and what was opened before it is closed. */
    static Outcome emfileOnOpen(World world, RandomGenerator random) throws Exception {
        FaultySeam seam = new FaultySeam(world.seam(random));
        long seen = 0;
        long expected = 0;
        long openBefore = openSets();
        for (Map.Entry<FaultySeam.Call, Integer> point : OPENING.entrySet()) {
            for (int skip = 0; skip < point.getValue(); skip++) {
                expected++;
                seam.failAfter(skip, point.getKey(), Errno.EMFILE, 1);
                seen += openFails(seam, Errno.EMFILE) ? 1 : 0;
            }
        }
        check(openSets() == openBefore, "a set that could not be opened leaves descriptors");
        // Without the spare set, the last allocation, the set works all the same.
        seam.failAfter(2, FaultySeam.Call.CREATE_SET, Errno.EMFILE, 1);
        EventSet.open(seam, TurnLimits.DEFAULT, new CountedMetrics()).close();
        check(openSets() == openBefore, "a set without a spare closes all it has");
        return Outcome.of(seam.injected(), expected + 1, seen + 1);
    }

    /** No descriptor is left in the process: new sets are refused, and what is registered goes on. */
    static Outcome emfileInProcess(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            int known = NativeFds.event(0);
            int newcomer = NativeFds.event(0);
            ProbeFd drained = leased.addDrained(known);
            // Once with descriptors to spare, so that all classes are loaded.
            openFails(leased.seam, Errno.EMFILE);
            leased.assertServes(drained);
            boolean refused;
            Fds.Exhaustion noneLeft = Fds.exhaust();
            try {
                refused = openFails(leased.seam, Errno.EMFILE);
                ProbeFd added = leased.addDrained(newcomer);
                leased.assertServes(added);
                leased.assertServes(drained);
                leased.remove(added);
            } finally {
                noneLeft.end();
            }
            leased.remove(drained);
            NativeFds.shut(known);
            NativeFds.shut(newcomer);
            return Outcome.of(1, 1, refused ? 1 : 0).events(3, 3);
        }
    }

    /** The kernel refuses a further fd: that registration fails, by name, and nothing else does. */
    static Outcome refusedAdd(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            ProbeFd bystander = leased.addDrained(NativeFds.event(0));
            int fd = NativeFds.event(1);
            int seen = 0;
            int[] errors = {Errno.ENOSPC, Errno.ENOMEM};
            for (int errno : errors) {
                long refusedBefore = leased.set.stats().refused();
                leased.seam.fail(FaultySeam.Call.ADD, errno, 1);
                try {
                    leased.addDrained(fd);
                    throw new AssertionError("added in spite of " + Errno.name(errno));
                } catch (NativeErrorException e) {
                    check(e.errno() == errno && e.getMessage().contains(Errno.name(errno)), e.getMessage());
                }
                check(leased.set.stats().fds() == 1, "only the bystander is registered");
                seen += (int) (leased.set.stats().refused() - refusedBefore);
                leased.assertServes(bystander);
            }
            leased.seam.heal();
            ProbeFd added = leased.addDrained(fd);
            Bounded.until("the fd is served at last", () -> added.calls() > 0);
            closeAll(leased, added, bystander);
            return Outcome.of(leased.seam.injected(), errors.length, seen).events(3, 3);
        }
    }

    /** The kernel refuses a change of mask: the caller hears of it, and the fd can be registered anew. */
    static Outcome refusedModify(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            int fd = NativeFds.event(0);
            ProbeFd first = leased.addDrained(fd);
            leased.seam.fail(FaultySeam.Call.MODIFY, Errno.ENOMEM, 1);
            try {
                leased.set.modify(first, Interest.WRITABLE);
                throw new AssertionError("modified in spite of ENOMEM");
            } catch (NativeErrorException e) {
                check(e.errno() == Errno.ENOMEM, e.getMessage());
            }
            long seen = leased.set.stats().detached();
            leased.remove(first);
            ProbeFd again = leased.addDrained(fd);
            leased.assertServes(again);
            closeAll(leased, again);
            return Outcome.of(leased.seam.injected(), 1, seen).events(1, 1);
        }
    }

    /** The harvest itself fails a few times: nothing is lost, for what is ready stays so. */
    static Outcome failedHarvest(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            ProbeFd drained = leased.addDrained(NativeFds.event(0));
            int times = 1 + random.nextInt(8);
            leased.seam.fail(FaultySeam.Call.HARVEST, random.nextBoolean() ? Errno.ENOMEM : Errno.EINVAL, times);
            leased.assertServes(drained);
            Bounded.until("all failures", () -> leased.seam.injected() == times);
            closeAll(leased, drained);
            return Outcome.of(times, times, leased.metrics.failedHarvests.get()).events(1, 1);
        }
    }

    /** Every system call takes milliseconds: slower, and nothing else. */
    static Outcome slowKernel(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            leased.seam.delay(1 + random.nextInt(3), TimeUnit.MILLISECONDS);
            long before = leased.seam.calls();
            List<ProbeFd> all = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                all.add(leased.addDrained(NativeFds.event(1)));
            }
            int served = 0;
            for (ProbeFd each : all) {
                Bounded.until(each + " is served", () -> each.calls() > 0);
                served++;
            }
            closeAll(leased, all.toArray(ProbeFd[]::new));
            boolean slowed = leased.seam.calls() > before && leased.metrics.turns.get() > 0;
            return Outcome.of(1, 1, slowed ? 1 : 0).events(all.size(), served);
        }
    }

    /** Somebody closes a registered fd: its owner hears of it when it asks, nobody else notices. */
    static Outcome closedBehind(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            ProbeFd bystander = leased.addDrained(NativeFds.event(0));
            ProbeFd victim = leased.addDrained(NativeFds.event(1));
            Bounded.until("the victim is served", () -> victim.calls() == 1);
            NativeFds.shut(victim.fd());
            try {
                leased.set.modify(victim, Interest.WRITABLE);
                throw new AssertionError("modified although the fd is closed");
            } catch (NativeErrorException e) {
                check(e.errno() == Errno.EBADF || e.errno() == Errno.ENOENT, e.getMessage());
            }
            leased.assertServes(bystander);
            check(leased.set.remove(victim), "it can still be removed");
            check(victim.calls() == 1, "nothing came for a closed fd");
            closeAll(leased, bystander);
            return Outcome.of(1, 1, leased.set.stats().detached()).events(2, 2);
        }
    }

    /** Another file is put behind a registered number: no stranger's event for the old one, all for the new one. */
    static Outcome replaced(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            int arrived = 0;
            int rounds = 4;
            for (int round = 0; round < rounds; round++) {
                int number = NativeFds.event(0);
                int other = NativeFds.event(1);
                ProbeFd old = leased.addDrained(number);
                NativeFds.replace(number, other);
                if (random.nextBoolean()) {
                    try {
                        leased.set.modify(old, Interest.READABLE | Interest.WRITABLE);
                        throw new AssertionError("modified although another file stands there");
                    } catch (NativeErrorException e) {
                        check(e.errno() == Errno.ENOENT, e.getMessage());
                    }
                }
                ProbeFd fresh = leased.addDrained(number);
                Bounded.until("the new file is served", () -> fresh.calls() > 0);
                check(leased.set.remove(old), "the old one is still there to be removed");
                leased.assertServes(fresh);
                check(old.calls() == 0, "the old one got a stranger's event");
                closeAll(leased, fresh);
                NativeFds.shut(other);
                arrived += 2;
            }
            return Outcome.of(rounds, rounds, leased.set.stats().detached()).events(2L * rounds, arrived);
        }
    }

    /** A file survives its number through a copy, and epoll goes on reporting it: the set is rebuilt without it. */
    static Outcome zombie(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            ProbeFd bystander = leased.addDrained(NativeFds.event(0));
            int zombies = 1 + random.nextInt(3);
            for (int i = 1; i <= zombies; i++) {
                int rebuilt = i;
                int copy = makeZombie(leased);
                Bounded.until("the set is rebuilt", () -> leased.set.stats().rebuilds() == rebuilt);
                leased.assertServes(bystander);
                NativeFds.shut(copy);
            }
            closeAll(leased, bystander);
            return Outcome.of(zombies, zombies, leased.metrics.rebuilds.get()).events(zombies, zombies);
        }
    }

    /** The same when no descriptor is left: the spare set serves once, then the rebuild waits for one. */
    static Outcome zombieWithoutDescriptors(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            ProbeFd bystander = leased.addDrained(NativeFds.event(0));
            leased.seam.fail(FaultySeam.Call.CREATE_SET, Errno.EMFILE, 3);
            for (int i = 1; i <= 2; i++) {
                int rebuilt = i;
                int copy = makeZombie(leased);
                Bounded.until("the set is rebuilt", () -> leased.set.stats().rebuilds() == rebuilt);
                leased.assertServes(bystander);
                NativeFds.shut(copy);
            }
            // The first failure only cost the spare; the other two put the second rebuild off.
            Bounded.until("told", () -> leased.metrics.rebuilds.get() == 2);
            closeAll(leased, bystander);
            return Outcome.of(leased.seam.injected(), 2, leased.metrics.rebuildsPutOff.get())
                    .events(2, 2);
        }
    }

    /** Numbers are closed and used again as fast as threads can: each event belongs to the file that had it. */
    static Outcome churn(World world, RandomGenerator random) throws Exception {
        int threads = 3;
        int rounds = world.isShort() ? 500 : 3_000;
        AtomicLong awaited = new AtomicLong();
        AtomicLong arrived = new AtomicLong();
        try (LeasedSet leased = world.lease(random)) {
            List<Thread> churners = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                long seed = random.nextLong();
                churners.add(new Thread(() -> churn(leased, seed, rounds, awaited, arrived), "churn-" + t));
            }
            churners.forEach(Thread::start);
            Bounded.join("churn ends", churners);
            Bounded.until("all finalizers", () -> leased.set.stats().unfinished() == 0);
            EventSetStats stats = leased.set.stats();
            return Outcome.of((long) threads * rounds, stats.registered(), stats.finalized())
                    .events(awaited.get(), arrived.get());
        }
    }

    private static void churn(LeasedSet leased, long seed, int rounds, AtomicLong awaited, AtomicLong arrived) {
        java.util.Random random = new java.util.Random(seed);
        for (int i = 1; i <= rounds; i++) {
            int cookie = 1 + random.nextInt(1_000_000);
            int fd = NativeFds.event(cookie);
            boolean[] gone = {false};
            ProbeFd registration = leased.add(fd, Interest.READABLE, r -> {
                synchronized (gone) {
                    // A call that began before the removal may still run; the number may be another's by now.
                    if (!gone[0] && Fds.takeCount(fd) != cookie) {
                        leased.strays.add(r + " was called for a stranger's file");
                    }
                }
            });
            if (random.nextInt(4) == 0) {
                awaited.incrementAndGet();
                arrived.addAndGet(isCalled(registration) ? 1 : 0);
            } else {
                leased.set.modify(registration, random.nextInt(8));
            }
            leased.remove(registration);
            synchronized (gone) {
                gone[0] = true;
            }
            NativeFds.shut(fd);
        }
    }

    private static boolean isCalled(ProbeFd registration) {
        try {
            return Bounded.within(Bounded.BOUND, () -> registration.calls() > 0);
        } catch (Exception e) {
            return false;
        }
    }

    /** A registered pipe end is closed while a copy of it lives, removed, and then becomes readable. */
    private static int makeZombie(LeasedSet leased) {
        int[] ends = NativeFds.pipe();
        int copy = Fds.copy(ends[0]);
        ProbeFd registration = leased.add(ends[0], Interest.READABLE, r -> {});
        NativeFds.shut(ends[0]);
        leased.remove(registration);
        NativeFds.writeByte(ends[1]);
        NativeFds.shut(ends[1]);
        return copy;
    }

    private static boolean openFails(FaultySeam seam, int errno) {
        try {
            EventSet.open(seam, TurnLimits.DEFAULT, new CountedMetrics()).close();
            return false;
        } catch (NativeErrorException e) {
            return e.errno() == errno && e.getMessage().contains(Errno.name(errno));
        }
    }

    private static long openSets() throws IOException {
        return NativeFds.openCount("anon_inode:[eventpoll]") + NativeFds.openCount("anon_inode:[timerfd]");
    }

    private static void closeAll(LeasedSet leased, ProbeFd... probes) {
        for (ProbeFd probe : probes) {
            leased.remove(probe);
            NativeFds.shut(probe.fd());
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
