package io.osevent.bridge;

import static io.osevent.bridge.Interest.READABLE;
import static io.osevent.bridge.Interest.WRITABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Every interleaving of a loop that runs whole turns and goes to sleep, cut wherever it calls the kernel without the set's
 * lock, and of other threads that add an fd, widen a mask, set an earlier deadline, remove, and ask for a turn. Whenever
 * the loop sleeps, it sleeps on what there is, or has been woken.
 */
class SearchSleepingLoopTest {
    private static final long MOST = 3_000_000;

    @Test
    void addWidenAndDeadline() {
        search("search-sleeping-loop", "add", "widen", "deadline", "earlier");
    }

    @Test
    void removeAndWake() {
        search("search-sleeping-loop-wake", "remove", "wake", "wake again", "add");
    }

    @Test
    void timePasses() {
        search("search-sleeping-loop-deadlines", "deadline", "earlier", "time", "remove");
    }

    /** What the loop's own callbacks change is programmed as the turn ends, with what others change meanwhile. */
    @Test
    void theTurnChangesItTooAndOthersMeanwhile() {
        search("search-sleeping-loop-own-changes", "widen with a timer", "deadline", "earlier", "wake");
    }

    @Test
    @EnabledIfSystemProperty(named = "prove.long", matches = "true")
    void allAtOnce() {
        search("search-sleeping-loop-all", "add", "widen", "deadline", "earlier", "remove", "wake");
    }

    @Test
    void controlNoWakeUp() {
        control("search-no-wake-up", "the timer is later", NoWakeUpInATurn::new, "deadline", "earlier");
    }

    @Test
    void controlTurnProgramsNothing() {
        control(
                "search-turn-programs-nothing",
                "the timer is later",
                TurnProgramsNothing::new,
                "widen with a timer",
                "earlier");
    }

    @Test
    void controlStaleCopy() {
        control("search-stale-copy", "asleep", CopyAtTurnStart::new, "add", "deadline");
    }

    @Test
    void controlClearThenDrain() {
        control("search-clear-then-drain", "later than what there is to do", LateDrain::new, "wake", "wake again");
    }

    private static void search(String name, String... hooks) {
        Set<String> seen = new TreeSet<>();
        var result = Explorer.explore(() -> new World((world, port) -> new ForwardingPort(port), seen, hooks), MOST);
        assertEquals(Set.of("slept before", "woken in a turn"), seen, "places that the search has reached");
        ProofLog.held(name, "explorer", result.states(), "states");
    }

    private static void control(
            String name, String reason, BiFunction<World, NativePort, ForwardingPort> weakened, String... hooks) {
        Explorer.mustFail(name, reason, () -> new World(weakened, new TreeSet<>(), hooks), MOST);
    }

    private static final class World implements Explorer.Program, CallScope {
        private final Set<String> seen;
        private final String[] hooks;
        private final SlotTable slots = new SlotTable();
        private final List<Throwable> failures = new ArrayList<>();
        private final List<String> pending = new ArrayList<>();
        private final SimKernel kernel;
        private final EventSet set;
        private final CoreFixture core;
        private final RecordedFd wide;
        private final RecordedFd going;
        private final List<RecordedFd> added = new ArrayList<>();
        private final List<RecordedTimeout> timeouts = new ArrayList<>();
        private Interleaving threads;
        private final StringBuilder turnSoFar = new StringBuilder();
        private boolean inTurn;
        private boolean inHook;
        private long turnStart;

        World(BiFunction<World, NativePort, ForwardingPort> between, Set<String> seen, String... hooks) {
            this.seen = seen;
            this.hooks = hooks;
            core = new CoreFixture(bottom -> new Cut(between.apply(this, bottom)), TurnLimits.DEFAULT, slots, -1);
            kernel = core.kernel;
            set = core.set;
            wide = clearing("wide", READABLE, WRITABLE);
            going = clearing("going", READABLE, 0);
            set.add(wide);
            set.add(going);
        }

        private RecordedFd clearing(String name, int interest, int ready) {
            int fd = kernel.open();
            kernel.ready(fd, ready);
            RecordedFd registration = new RecordedFd(core.context, name, fd, interest);
            return registration.does(bits -> kernel.ready(fd, 0));
        }

        @Override
        public void run(Explorer explorer) {
            threads = new Interleaving(explorer);
            // A turn begins when the kernel says so; time passes by itself while the loop would sleep.
            threads.actor("loop").forever("turn", this::turn, this::isAwake);
            for (String hook : hooks) {
                threads.actor(hook).does("hook", () -> {
                    seen.add(inTurn ? "woken in a turn" : "slept before");
                    hook(hook);
                });
            }
            threads.run();
            atRest();
        }

        private boolean isAwake() {
            return kernel.isReadable(set.fd()) || kernel.nextTimer() <= kernel.nanoTime() + 1;
        }

        private void turn() {
            kernel.advance(1);
            inTurn = true;
            turnSoFar.setLength(0);
            turnStart = kernel.nanoTime();
            set.turn().run(this);
            inTurn = false;
        }

        private void hook(String name) {
            inHook = true;
            CoreState.elsewhere(set, () -> act(name));
            inHook = false;
        }

        private void act(String name) {
            switch (name) {
                case "add" -> {
                    RecordedFd registration = clearing("added", READABLE, READABLE);
                    added.add(registration);
                    set.add(registration);
                }
                case "widen" -> set.modify(wide, READABLE | WRITABLE);
                case "widen with a timer" -> {
                    wide.does(bits -> {
                        kernel.ready(wide.fd(), 0);
                        timeouts.add(core.oneShot("own", 3));
                    });
                    set.modify(wide, READABLE | WRITABLE);
                }
                case "deadline" -> timeouts.add(core.oneShot("deadline", 2));
                case "earlier" -> timeouts.add(core.oneShot("earlier", 0));
                case "time" -> kernel.advance(5_000);
                case "remove" -> set.remove(going);
                default -> {
                    pending.add(name);
                    set.wake();
                }
            }
        }

        /** Wherever the loop calls the kernel without a lock, the others may go on. */
        private final class Cut extends ForwardingPort {
            Cut(NativePort port) {
                super(port);
            }

            @Override
            public long nanoTime() {
                cut("time");
                return super.nanoTime();
            }

            @Override
            public int await(int epoll, Harvest harvest, int max, int timeoutMillis) {
                // What a waker has put down is seen by whatever the turn does from here on.
                pending.clear();
                cut("before wait");
                int count = super.await(epoll, harvest, max, timeoutMillis);
                StringBuilder found = new StringBuilder();
                for (int i = 0; i < count; i++) {
                    found.append(harvest.tag(i))
                            .append('=')
                            .append(harvest.events(i))
                            .append(' ');
                }
                cut("after wait " + found);
                return count;
            }

            private void cut(String place) {
                if (inTurn && !inHook && !set.holdsLock()) {
                    turnSoFar.append(place).append(' ');
                    threads.others("kernel", false);
                }
            }
        }

        @Override
        public void check() {
            failures.forEach(failure -> {
                throw new AssertionError(failure.getMessage(), failure);
            });
            if (!set.holdsLock()) {
                CoreState.checkMinimum(set, kernel, inTurn);
            }
            if (!inTurn && !isAwake()) {
                assertEquals("", undone(), "the loop is asleep, and this is undone:");
            }
        }

        /** What there is to do now, seen from outside. */
        private String undone() {
            StringBuilder text = new StringBuilder();
            List<RecordedFd> fds = new ArrayList<>(added);
            fds.add(wide);
            fds.add(going);
            for (RecordedFd fd : fds) {
                boolean live = slots.isLive(fd);
                if (live && (kernel.readiness(fd.fd()) & Interest.effective(fd.interest())) != 0) {
                    text.append(fd).append(" is ready; ");
                } else if (fd.slot >= 0 && !live && fd.frees() == 0) {
                    text.append(fd).append(" is not finalized; ");
                }
            }
            for (RecordedTimeout timeout : timeouts) {
                if (timeout.index >= 0 && kernel.nanoTime() >= deadline(timeout)) {
                    text.append(timeout).append(" is due; ");
                }
            }
            if (!pending.isEmpty()) {
                text.append("asked for a turn: ").append(pending);
            }
            return text.toString();
        }

        private long deadline(RecordedTimeout timeout) {
            return set.minimum() == Alarm.NOW ? Long.MAX_VALUE : CoreState.deadline(set, timeout);
        }

        private void atRest() {
            // Time passes until the last deadline.
            check();
            for (int i = 0; i < 20 && kernel.nextTimer() != Long.MAX_VALUE; i++) {
                kernel.advance(Math.max(0, kernel.nextTimer() - kernel.nanoTime()));
                turn();
            }
            assertEquals("", undone(), "the loop is asleep, and this is undone:");
            timeouts.forEach(t -> assertEquals(1, t.calls(), "the loop is asleep, deliveries of " + t));
        }

        @Override
        public String state() {
            StringBuilder text = new StringBuilder(threads.state()).append(kernel.describe());
            text.append(CoreState.of(set, slots, kernel.nanoTime())).append(pending);
            if (inTurn) {
                // What a turn has in its hands is decided by what it has done so far.
                text.append(turnSoFar).append(kernel.nanoTime() - turnStart);
            }
            timeouts.forEach(t -> text.append(t.calls()));
            return text.append(wide.calls())
                    .append(going.frees())
                    .append(added.size())
                    .toString();
        }

        @Override
        public Object enter() {
            return null;
        }

        @Override
        public void exit(Object entered) {}

        @Override
        public void failed(Registration registration, Throwable failure) {
            failures.add(failure);
        }
    }

    // ---- weakened variants ------------------------------------------------------------------------------------------

    /** Who is in a turn needs no wake-up: it will look anyway. */
    private static final class NoWakeUpInATurn extends ForwardingPort {
        private final World world;

        NoWakeUpInATurn(World world, NativePort port) {
            super(port);
            this.world = world;
        }

        @Override
        public int armTimer(int timer, long delayNanos) {
            return world.inTurn && world.inHook ? 0 : super.armTimer(timer, delayNanos);
        }
    }

    /** A turn forgets to program what it has changed itself. */
    private static final class TurnProgramsNothing extends ForwardingPort {
        private final World world;

        TurnProgramsNothing(World world, NativePort port) {
            super(port);
            this.world = world;
        }

        @Override
        public int armTimer(int timer, long delayNanos) {
            return world.inTurn && !world.inHook ? 0 : super.armTimer(timer, delayNanos);
        }
    }

    /** The loop copies what is registered at the start of its turn, and sleeps on that. */
    private static final class CopyAtTurnStart extends ForwardingPort {
        private final List<Runnable> changes = new ArrayList<>();
        private final World world;

        CopyAtTurnStart(World world, NativePort port) {
            super(port);
            this.world = world;
        }

        @Override
        public int control(int set, int operation, int fd, int events, long tag) {
            if (world.threads == null) {
                return super.control(set, operation, fd, events, tag);
            }
            changes.add(() -> super.control(set, operation, fd, events, tag));
            return 0;
        }

        @Override
        public int await(int set, Harvest harvest, int max, int timeoutMillis) {
            changes.forEach(Runnable::run);
            changes.clear();
            return super.await(set, harvest, max, timeoutMillis);
        }
    }

    /** The flag is cleared under the lock, and what it had armed is drained later, without it. */
    private static final class LateDrain extends ForwardingPort {
        private final World world;
        private Runnable drain = () -> {};
        private boolean armedInThisTurn;

        LateDrain(World world, NativePort port) {
            super(port);
            this.world = world;
        }

        @Override
        public int armTimer(int timer, long delayNanos) {
            if (world.inTurn && !armedInThisTurn) {
                armedInThisTurn = true;
                drain = () -> super.armTimer(timer, delayNanos);
                return 0;
            }
            return super.armTimer(timer, delayNanos);
        }

        @Override
        public int await(int set, Harvest harvest, int max, int timeoutMillis) {
            Runnable late = drain;
            drain = () -> {};
            late.run();
            armedInThisTurn = false;
            return super.await(set, harvest, max, timeoutMillis);
        }
    }
}
