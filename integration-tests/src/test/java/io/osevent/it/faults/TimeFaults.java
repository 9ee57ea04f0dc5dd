package io.osevent.it.faults;

import io.osevent.bridge.Interest;
import io.osevent.shim.NativeFds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Clocks that jump and callbacks that take their time. */
final class TimeFaults {
    /** On a loaded machine a timeout may be late; an hour's jump would make it later by far. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private TimeFaults() {}

    private record Deadline(ProbeTimeout timeout, long due) {
        boolean isEarly() {
            return timeout.lastCall() - due < 0;
        }

        boolean isLate() {
            return timeout.lastCall() - due > LATE.toNanos();
        }
    }

    /** The wall clock jumps by hours, both ways, under deadlines that were stated in it. */
    static Outcome wallClockJumps(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            ProbeTimeout periodic = leased.addTimer(10, r -> {});
            List<Deadline> deadlines = new ArrayList<>();
            int jumps = 0;
            for (int sign : new int[] {1, -1, -1, 1}) {
                for (int i = 0; i < 8; i++) {
                    deadlines.add(deadline(leased, 20 + random.nextInt(80)));
                }
                leased.seam.jump(sign * (1L + random.nextInt(12)), TimeUnit.HOURS);
                jumps++;
                for (int i = 0; i < 8; i++) {
                    deadlines.add(deadline(leased, 20 + random.nextInt(80)));
                }
                int calls = periodic.calls();
                Bounded.until("the periodic timer goes on", () -> periodic.calls() > calls);
            }
            for (Deadline each : deadlines) {
                Bounded.until("each timeout", () -> each.timeout().calls() > 0);
            }
            long early = deadlines.stream().filter(Deadline::isEarly).count();
            if (early > 0) {
                throw new AssertionError(early + " of " + deadlines.size() + " timeouts came early");
            }
            long inTime = deadlines.stream().filter(each -> !each.isLate()).count();
            Bounded.until(
                    "each timeout is over, so that the periodic timer alone is left",
                    () -> leased.set.stats().timeouts() == 1);
            return Outcome.of(jumps, deadlines.size(), inTime).events(deadlines.size(), inTime);
        }
    }

    private static Deadline deadline(LeasedSet leased, int millis) {
        long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long wall = leased.seam.wallClockMicros() + TimeUnit.MILLISECONDS.toMicros(millis);
        return new Deadline(leased.addOneShot(wall, r -> {}), due);
    }

    /** A callback holds the loop for seconds: hooks go on, nothing is lost, timers do not catch up. */
    static Outcome blockedLoop(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            CountDownLatch blocked = new CountDownLatch(1);
            CountDownLatch letGo = new CountDownLatch(1);
            ProbeFd blocker = leased.add(NativeFds.event(0), Interest.READABLE, r -> {
                NativeFds.drain(r.fd());
                blocked.countDown();
                awaitQuietly(letGo);
            });
            ProbeTimeout periodic = leased.addTimer(20, r -> {});
            List<ProbeFd> waiting = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                waiting.add(leased.addDrained(NativeFds.event(0)));
            }
            NativeFds.signal(blocker.fd());
            awaitQuietly(blocked);
            int ticks = periodic.calls();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_000 + random.nextInt(2_000));
            waiting.forEach(each -> NativeFds.signal(each.fd()));
            long worst = 0;
            while (System.nanoTime() - end < 0) {
                long before = System.nanoTime();
                ProbeFd passing = leased.addDrained(NativeFds.event(0));
                leased.set.modify(passing, Interest.WRITABLE);
                leased.remove(passing);
                NativeFds.shut(passing.fd());
                worst = Math.max(worst, System.nanoTime() - before);
            }
            letGo.countDown();
            int served = 0;
            for (ProbeFd each : waiting) {
                Bounded.until(each + " is served after the block", () -> each.calls() > 0);
                served++;
            }
            int caughtUp = periodic.calls() - ticks;
            long missed = TimeUnit.SECONDS.toMillis(1) / 20;
            if (caughtUp >= missed) {
                throw new AssertionError("the timer caught up: " + caughtUp + " calls at once");
            }
            if (worst > TimeUnit.MILLISECONDS.toNanos(900)) {
                throw new AssertionError("a hook waited for the blocked loop: " + worst / 1_000_000 + " ms");
            }
            boolean named = Bounded.within(Bounded.BOUND, () -> isNamed(leased, blocker));
            for (ProbeFd each : waiting) {
                leased.remove(each);
                NativeFds.shut(each.fd());
            }
            leased.remove(blocker);
            NativeFds.shut(blocker.fd());
            return Outcome.of(1, 1, named ? 1 : 0).events(waiting.size(), served);
        }
    }

    /** One callback of a thousand takes 100 ms, each time: the others and the loop's own tasks get their turns. */
    static Outcome slowAmongMany(World world, RandomGenerator random) throws Exception {
        int many = 1_000;
        int slowCalls = 5;
        try (LeasedSet leased = world.lease(random)) {
            List<ProbeFd> quick = new ArrayList<>();
            int place = random.nextInt(many);
            ProbeFd slow = null;
            for (int i = 0; i < many; i++) {
                if (i == place) {
                    slow = leased.add(NativeFds.event(1), Interest.READABLE, r -> Pauses.pause(100));
                }
                quick.add(leased.addDrained(NativeFds.event(1)));
            }
            ProbeFd culprit = slow;
            int worst = 0;
            while (culprit.calls() < slowCalls) {
                int before = culprit.calls();
                worst = Math.max(worst, leased.onLoop(culprit::calls) - before);
            }
            int served = 0;
            for (ProbeFd each : quick) {
                Bounded.until(each + " is served", () -> each.calls() > 0);
                served++;
            }
            leased.remove(culprit);
            // Counted, not timed: the machine may be busy with something else.
            if (worst > 3) {
                throw new AssertionError(
                        "a task of the loop had to wait for " + worst + " slow callbacks on " + leased.host);
            }
            // A line names no more suspects than it can hold, so not each of its calls need name it.
            boolean named = Bounded.within(Bounded.BOUND, () -> isNamed(leased, culprit));
            for (ProbeFd each : quick) {
                leased.remove(each);
                NativeFds.shut(each.fd());
            }
            NativeFds.shut(culprit.fd());
            return Outcome.of(slowCalls, 1, named ? 1 : 0).events(many, served);
        }
    }

    private static boolean isNamed(LeasedSet leased, ProbeFd culprit) {
        return leased.metrics.slow.stream().anyMatch(names -> names.contains(culprit.toString()));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(Bounded.BOUND.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody opened the latch");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
