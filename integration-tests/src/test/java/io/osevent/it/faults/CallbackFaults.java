package io.osevent.it.faults;

import io.osevent.bridge.CallScope;
import io.osevent.bridge.Errno;
import io.osevent.bridge.Interest;
import io.osevent.bridge.NativeErrorException;
import io.osevent.bridge.ThreadHost;
import io.osevent.shim.NativeFds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/** Callbacks that do what they should not, or what they may but seldom do. */
final class CallbackFaults {
    private CallbackFaults() {}

    /** A handle's callback, a timer's and a finalizer throw: told, counted, and nothing else changes. */
    static Outcome throwing(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            ProbeFd bystander = leased.addDrained(NativeFds.event(0));
            ProbeFd thrower = leased.add(NativeFds.event(0), Interest.READABLE, r -> {
                NativeFds.drain(r.fd());
                throw new IllegalStateException("put in by a test");
            });
            thrower.whenFreed(() -> {
                throw new AssertionError("put in by a test");
            });
            AtomicInteger ticks = new AtomicInteger();
            ProbeTimeout timer = leased.addTimer(5, r -> {
                if (ticks.incrementAndGet() == 1) {
                    throw new IllegalArgumentException("put in by a test");
                }
            });
            leased.assertServes(thrower);
            leased.assertServes(thrower);
            leased.assertServes(bystander);
            Bounded.until("the timer goes on", () -> timer.calls() > 2);
            leased.remove(thrower);
            Bounded.until("the finalizer has thrown", thrower::isFreed);
            leased.assertServes(bystander);
            Bounded.until("all are told", () -> leased.reported.size() == 4);
            shut(leased, thrower, bystander);
            return Outcome.of(4, 4, leased.metrics.failedCallbacks.get()).events(4, 4);
        }
    }

    /** A callback that calls itself until the stack is full. */
    static Outcome recursing(World world, RandomGenerator random) throws Exception {
        try (LeasedSet leased = world.lease(random)) {
            ProbeFd bystander = leased.addDrained(NativeFds.event(0));
            ProbeFd recursing = leased.add(NativeFds.event(0), Interest.READABLE, r -> {
                NativeFds.drain(r.fd());
                recurse(leased, r, 0);
            });
            leased.assertServes(recursing);
            leased.assertServes(bystander);
            Bounded.until("told", () -> leased.reported.size() == 1);
            check(leased.reported.peek() instanceof StackOverflowError, "a full stack, not " + leased.reported);
            leased.assertServes(recursing);
            Bounded.until("told again", () -> leased.reported.size() == 2);
            shut(leased, recursing, bystander);
            return Outcome.of(2, 2, leased.metrics.failedCallbacks.get()).events(3, 3);
        }
    }

    private static int recurse(LeasedSet leased, ProbeFd self, int depth) {
        // Hooks on the way down, as a library would call them
        leased.set.modify(self, Interest.READABLE | (depth & 1) * Interest.URGENT);
        return recurse(leased, self, depth + 1) + 1;
    }

    /** A callback removes its own registration, closes the fd, and registers the number's next file. */
    static Outcome removesItself(World world, RandomGenerator random) throws Exception {
        int rounds = 50;
        try (LeasedSet leased = world.lease(random)) {
            AtomicInteger own = new AtomicInteger();
            AtomicInteger next = new AtomicInteger();
            List<ProbeFd> nexts = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                CompletableFuture<ProbeFd> added = new CompletableFuture<>();
                leased.add(NativeFds.event(1), Interest.READABLE, r -> {
                    own.incrementAndGet();
                    check(leased.set.remove(r), "it was live");
                    check(!leased.set.remove(r), "once is enough");
                    NativeFds.shut(r.fd());
                    added.complete(leased.add(NativeFds.event(1), Interest.READABLE, n -> {
                        NativeFds.drain(n.fd());
                        next.incrementAndGet();
                    }));
                });
                nexts.add(Bounded.get("the callback", added));
            }
            Bounded.until("the next files are served", () -> next.get() == rounds);
            shut(leased, nexts.toArray(ProbeFd[]::new));
            check(leased.reported.isEmpty(), leased.reported.toString());
            return Outcome.of(rounds, rounds, own.get()).events(2L * rounds, own.get() + next.get());
        }
    }

    /** Of two that are ready, whichever is called first removes the other, which must then not be called. */
    static Outcome removesAnother(World world, RandomGenerator random) throws Exception {
        int rounds = 50;
        try (LeasedSet leased = world.lease(random)) {
            int calls = 0;
            for (int i = 0; i < rounds; i++) {
                AtomicReference<ProbeFd> first = new AtomicReference<>();
                AtomicReference<ProbeFd> second = new AtomicReference<>();
                int fd = NativeFds.event(0);
                int otherFd = NativeFds.event(0);
                first.set(leased.add(fd, Interest.READABLE, r -> removeBoth(leased, r, second.get())));
                second.set(leased.add(otherFd, Interest.READABLE, r -> removeBoth(leased, r, first.get())));
                // Both become ready while the loop is elsewhere, so that one harvest has both.
                leased.host.context().runOnContext(nothing -> {
                    NativeFds.signal(fd);
                    NativeFds.signal(otherFd);
                });
                Bounded.until(
                        "both are freed",
                        () -> first.get().isFreed() && second.get().isFreed());
                calls += first.get().calls() + second.get().calls();
                NativeFds.shut(fd);
                NativeFds.shut(otherFd);
            }
            return Outcome.of(rounds, rounds, calls).events(rounds, Math.min(rounds, calls));
        }
    }

    private static void removeBoth(LeasedSet leased, ProbeFd self, ProbeFd other) {
        leased.remove(other);
        leased.remove(self);
    }

    /** Each finalizer removes the next registration: thousands in a row, without a stack as deep. */
    static Outcome finalizerChain(World world, RandomGenerator random) throws Exception {
        int length = 2_000;
        try (LeasedSet leased = world.lease(random)) {
            int fd = NativeFds.event(0);
            ProbeFd next = leased.add(fd, Interest.READABLE, r -> {});
            List<ProbeFd> chain = new ArrayList<>(List.of(next));
            for (int i = 1; i < length; i++) {
                ProbeFd following = next;
                next = leased.add(fd, Interest.READABLE, r -> {}).whenFreed(() -> leased.remove(following));
                chain.add(next);
            }
            leased.remove(next);
            Bounded.until("the whole chain", () -> leased.set.stats().unfinished() == 0);
            NativeFds.shut(fd);
            check(leased.reported.isEmpty(), leased.reported.toString());
            long freed = chain.stream().filter(ProbeFd::isFreed).count();
            return Outcome.of(1, length, freed);
        }
    }

    /** A callback ends the lease and closes the set: no callback follows, and hooks are refused from then on. */
    static Outcome closesTheBridge(World world, RandomGenerator random) throws Exception {
        CompletableFuture<CompletionStage<Void>> cancelled = new CompletableFuture<>();
        try (LeasedSet leased = world.lease(random)) {
            ProbeFd closer = leased.add(NativeFds.event(1), Interest.READABLE, r -> {
                // Not the lease of the next host.
                if (!cancelled.isDone()) {
                    cancelled.complete(leased.lease().cancel());
                }
            });
            Bounded.get("the lease ends", Bounded.get("the callback", cancelled));
            // The turn in which it was cancelled goes on to its end.
            int calls = closer.calls();
            leased.roundTrip();
            leased.roundTrip();
            check(closer.calls() == calls, "no callback after the end of the lease");
            leased.leasedTo(new ThreadHost("faults-parked", CallScope.PLAIN).lease(leased.set, () -> {}));
            Bounded.until("another host takes over", () -> closer.calls() > calls);
            leased.remove(closer);
            Bounded.until("and finalizes", closer::isFreed);
            NativeFds.shut(closer.fd());
            leased.end();
            long refusedBefore = leased.set.stats().refused();
            try {
                leased.addTimer(1, r -> {});
                throw new AssertionError("a closed set takes no timer");
            } catch (NativeErrorException e) {
                check(e.errno() == Errno.ESHUTDOWN, e.getMessage());
            }
            return Outcome.of(1, 1, leased.set.stats().refused() - refusedBefore)
                    .events(2, Math.min(2, closer.calls()));
        }
    }

    /** A callback closes Vert.x: the host's owner is told once, and what is pending is served by the next host. */
    static Outcome closesVertx(World world, RandomGenerator random) throws Exception {
        Vertx own = World.newVertx(random);
        CompletableFuture<Future<Void>> closing = new CompletableFuture<>();
        try (LeasedSet leased = new LeasedSet(own, world.seam(random))) {
            int pending = NativeFds.event(0);
            ProbeFd waiting = leased.addDrained(pending);
            ProbeFd closer = leased.add(NativeFds.event(1), Interest.READABLE, r -> {
                NativeFds.drain(r.fd());
                closing.complete(own.close());
            });
            Bounded.get("Vert.x closes", Bounded.get("the callback", closing));
            Bounded.until("the owner is told", () -> leased.hostEnded.get() == 1);
            NativeFds.signal(pending);
            leased.leasedTo(new ThreadHost("faults-parked", CallScope.PLAIN).lease(leased.set, () -> {}));
            Bounded.until("what was pending", () -> waiting.calls() == 1);
            shut(leased, closer, waiting);
            return Outcome.of(1, 1, leased.hostEnded.get()).events(2, closer.calls() + waiting.calls());
        }
    }

    private static void shut(LeasedSet leased, ProbeFd... probes) {
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
