package io.osevent.bridge;

import static io.osevent.bridge.Interest.READABLE;
import static io.osevent.bridge.Interest.WRITABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Every interleaving of two mutators and the loop on one file descriptor with two registrations, while the world makes the
 * file ready, closes the number, opens another file under it, and keeps a copy of the old one. Hooks are cut after each
 * {@code epoll_ctl}, where the loop and the world go on without the set's lock; the loop is cut between all its steps.
 */
class SearchSharedFdTest {
    private static final long MOST = 2_000_000;

    @Test
    void twoMutatorsAndTheLoop() {
        search(
                "search-shared-fd",
                Set.of("called a", "called b"),
                "add modify:5 remove",
                "add remove",
                "ready:1 ready:4");
    }

    @Test
    void silencedAndWoken() {
        search(
                "search-shared-fd-silenced",
                Set.of("called a", "called b"),
                "add modify:0 modify:1",
                "add remove",
                "ready:1 ready:5");
    }

    @Test
    void theNumberIsClosedAndOpenedAgain() {
        search(
                "search-shared-fd-reused",
                Set.of("called a", "called b", "refused", "detached"),
                "add remove",
                "add modify:1",
                "ready:1 close open ready:5");
    }

    @Test
    void aCopyOfTheClosedFileSurvives() {
        search(
                "search-shared-fd-zombie",
                Set.of("called a", "called b", "refused", "detached", "rebuilt"),
                "add remove",
                "add remove",
                "dup close open copy:5 ready:5");
    }

    @Test
    void oneOfThemOnAWorker() {
        search(
                "search-shared-fd-worker",
                Set.of("called a", "called b"),
                "worker add modify:5",
                "add remove",
                "ready:1 ready:5");
        search(
                "search-shared-fd-worker-removes",
                Set.of("called a", "called b"),
                "worker add remove",
                "add",
                "ready:5 ready:16");
    }

    @Test
    @EnabledIfSystemProperty(named = "prove.long", matches = "true")
    void aWorkerThatHasGone() {
        search(
                "search-shared-fd-worker-gone",
                Set.of("called a", "called b"),
                "worker add modify:4",
                "add remove",
                "ready:5 reject ready:5");
    }

    @Test
    @EnabledIfSystemProperty(named = "prove.long", matches = "true")
    void longerScripts() {
        search(
                "search-shared-fd-long",
                Set.of("called a", "called b", "refused", "detached", "rebuilt"),
                "add modify:5 remove",
                "add modify:1 remove",
                "dup close open copy:5 ready:5");
    }

    @Test
    void controlDescriptorAsTag() {
        control("search-fd-as-tag", "misdelivered", FdAsTag::new, "add remove", "dup close open copy:5 ready:5");
    }

    @Test
    void controlWithoutRebuild() {
        control("search-without-rebuild", "wake-ups", WithoutRebuild::new, "add remove", "dup close open copy:5");
    }

    @Test
    void controlLostModify() {
        control("search-modify-not-written", "disagrees with the kernel", LostModify::new, "add modify:5", "ready:1");
    }

    @Test
    void controlDeleteAfterTheHook() {
        control("search-delete-too-late", "still in the kernel's set", LateDelete::new, "add remove", "ready:1");
    }

    /** Searches all, and makes sure that it has been where it matters. */
    private static void search(String name, Set<String> must, String a, String b, String world) {
        Set<String> seen = new TreeSet<>();
        var result = Explorer.explore(() -> new World(ForwardingPort::new, seen, a, b, world), MOST);
        assertEquals(new TreeSet<>(must), seen, "places that the search has reached");
        ProofLog.held(name, "explorer", result.states(), "states");
    }

    private static void control(
            String name, String reason, Function<NativePort, ForwardingPort> weakened, String a, String world) {
        Explorer.mustFail(name, reason, () -> new World(weakened, new TreeSet<>(), a, "add remove", world), MOST);
    }

    private static final class World implements Explorer.Program, CallScope {
        /** One wake-up for each of two closed files' copies, and one for each harvest that was under way. */
        private static final int MOST_STALE = 5;

        private final SlotTable slots = new SlotTable();
        private final List<Throwable> failures = new ArrayList<>();
        private final Map<FdRegistration, String> homes = new LinkedHashMap<>();
        private final Map<String, Boolean> removed = new LinkedHashMap<>();
        private final Set<String> seen;
        private final String[] scripts;
        private final boolean ownTags;
        private final SimKernel kernel;
        private final EventSet set;
        private final SteppedLoop loop;
        private final NativeContext context;
        private final NativeContext workerContext;
        private final SteppedWorker worker = new SteppedWorker();
        private final int fd;
        private Interleaving threads;
        private FdRegistration adding;
        private int copy = -1;

        World(Function<NativePort, ForwardingPort> between, Set<String> seen, String... scripts) {
            this.scripts = scripts;
            this.seen = seen;
            ForwardingPort[] port = new ForwardingPort[1];
            CoreFixture core =
                    new CoreFixture(bottom -> new Cut(port[0] = between.apply(bottom)), TurnLimits.DEFAULT, slots, -1);
            ownTags = port[0] instanceof FdAsTag;
            kernel = core.kernel;
            set = core.set;
            context = core.context;
            workerContext = NativeContext.onWorker(set, "context on a worker", worker, this);
            fd = kernel.open();
            loop = new SteppedLoop(kernel, set, new Dispatch(set, slots, BridgeMetrics.NONE), this);
            loop.beforeCall((file, registration) -> {
                assertEquals(homes.get(registration), file, "misdelivered: " + registration);
                assertTrue(!removed.containsKey(registration.toString()), "a call began after the removal");
            });
        }

        @Override
        public void run(Explorer explorer) {
            threads = new Interleaving(explorer);
            threads.actor("loop")
                    .forever("step", loop::step, loop::hasWork)
                    .lockFreeWhen(loop::isLockFree)
                    .labelled(loop::label);
            mutator("a", scripts[0], READABLE);
            mutator("b", scripts[1], READABLE | WRITABLE);
            threads.actor("worker").forever("task", worker::step, () -> worker.waiting() > 0);
            Interleaving.Actor world = threads.actor("world").lockFreeWhen(() -> true);
            for (String word : scripts[2].split(" ")) {
                world.does(word, () -> change(word));
            }
            threads.run();
            atRest();
        }

        private void mutator(String name, String script, int interest) {
            boolean onWorker = script.startsWith("worker ");
            RecordedFd registration = new RecordedFd(onWorker ? workerContext : context, name, fd, interest);
            registration.does(bits -> {
                assertTrue(!set.holdsLock(), "a callback with the set's lock held");
                seen.add("called " + name);
                if (onWorker) {
                    threads.others("call of " + name, false);
                }
                if (kernel.isOpen(fd)) {
                    kernel.ready(fd, 0);
                }
            });
            Interleaving.Actor mutator = threads.actor(name);
            for (String word : script.replace("worker ", "").split(" ")) {
                mutator.does(word, () -> hook(word, registration));
            }
        }

        private void hook(String word, RecordedFd registration) {
            try {
                if (word.equals("add")) {
                    adding = registration;
                    set.add(registration);
                } else if (word.startsWith("modify:")) {
                    set.modify(registration, Integer.parseInt(word.substring(7)));
                } else {
                    boolean unchanged = kernel.fileName(fd).equals(homes.get(registration));
                    boolean was = set.remove(registration);
                    removed.put(registration.toString(), was);
                    if (was && unchanged && registration.entry.view.registrations().length == 0) {
                        assertEquals("", kernel.item(set.backSet(), fd), "still in the kernel's set after the removal");
                    }
                }
            } catch (NativeErrorException error) {
                // What a library is told whose number was closed or re-used under it.
                assertTrue(scripts[2].contains("close"), error.getMessage());
                seen.add("refused");
            } finally {
                adding = null;
            }
        }

        private void change(String word) {
            switch (word) {
                case "reject" -> worker.close();
                case "dup" -> copy = kernel.dup(fd);
                case "close" -> kernel.close(fd);
                case "open" -> assertEquals(fd, kernel.open());
                default -> {
                    int bits = Integer.parseInt(word.substring(word.indexOf(':') + 1));
                    int target = word.startsWith("copy") ? copy : fd;
                    if (kernel.isOpen(target)) {
                        kernel.ready(target, bits);
                    }
                }
            }
        }

        /** After the hooks' system calls the others go on, with the lock still held. */
        private final class Cut extends ForwardingPort {
            Cut(NativePort port) {
                super(port);
            }

            @Override
            public int control(int epoll, int operation, int number, int events, long tag) {
                int result = super.control(epoll, operation, number, events, tag);
                if (threads != null && number == fd) {
                    if (result == 0 && adding != null && operation != CTL_DEL) {
                        homes.put(adding, kernel.fileName(number));
                    }
                    threads.others("epoll_ctl " + operation, true);
                }
                return result;
            }
        }

        @Override
        public void check() {
            failures.forEach(failure -> {
                throw new AssertionError(failure.getMessage(), failure);
            });
            assertTrue(loop.staleSeen() <= MOST_STALE, "wake-ups for a file that nobody registered");
            if (threads == null || set.holdsLock()) {
                return;
            }
            for (FdRegistration registration : homes.keySet()) {
                FdEntry entry = registration.entry;
                boolean same = homes.get(registration).equals(kernel.fileName(fd));
                if (slots.isLive(registration) && entry != null && !entry.detached && same) {
                    String item = kernel.item(set.backSet(), fd);
                    int mask = entry.isActive() ? entry.union() & 7 : NativePort.ONESHOT;
                    String tag = "#" + (ownTags ? fd : entry.view.tag());
                    assertEquals(mask + tag, item, registration + " disagrees with the kernel");
                }
            }
        }

        private void atRest() {
            check();
            if (set.stats().rebuilds() > 0) {
                seen.add("rebuilt");
            }
            if (set.stats().detached() > 0) {
                seen.add("detached");
            }
            for (FdRegistration registration : homes.keySet()) {
                boolean live = slots.isLive(registration);
                boolean same = homes.get(registration).equals(kernel.fileName(fd));
                if (live && same && !registration.entry.detached && !registration.stranded) {
                    assertEquals(0, registration.entry.busy, "busy with nobody inside");
                    int waiting = kernel.readiness(fd) & Interest.effective(registration.interest());
                    assertEquals(0, waiting, registration + " has an event that nobody delivers");
                }
                int frees = ((RecordedFd) registration).frees();
                assertEquals(live ? 0 : 1, frees, "ff of " + registration);
            }
        }

        @Override
        public String state() {
            StringBuilder text = new StringBuilder(threads.state()).append(kernel.describe());
            text.append(CoreState.of(set, slots, kernel.nanoTime()))
                    .append(loop.state(worker.waiting()))
                    .append(worker.state())
                    .append(CoreState.of(workerContext));
            return text.append(homes).append(removed).append(adding).toString();
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

    private static final class FdAsTag extends ForwardingPort {
        private final Map<Long, Long> owners = new HashMap<>();

        FdAsTag(NativePort port) {
            super(port);
        }

        @Override
        public int control(int set, int operation, int fd, int events, long tag) {
            int result = super.control(set, operation, fd, events, fd);
            if (result == 0 && operation != CTL_DEL) {
                owners.put((long) fd, tag);
            }
            return result;
        }

        @Override
        public int await(int set, Harvest harvest, int max, int timeoutMillis) {
            int count = super.await(set, harvest, max, timeoutMillis);
            for (int i = 0; i < count; i++) {
                harvest.put(i, harvest.events(i), owners.get(harvest.tag(i)));
            }
            return count;
        }
    }

    private static final class WithoutRebuild extends ForwardingPort {
        private int sets;

        WithoutRebuild(NativePort port) {
            super(port);
        }

        @Override
        public int createSet() {
            return ++sets > 2 ? -Errno.EMFILE : super.createSet();
        }
    }

    /** The mask is noted, but not written. */
    private static final class LostModify extends ForwardingPort {
        LostModify(NativePort port) {
            super(port);
        }

        @Override
        public int control(int set, int operation, int fd, int events, long tag) {
            boolean widened = operation == CTL_MOD && events == (READABLE | WRITABLE);
            return widened ? 0 : super.control(set, operation, fd, events, tag);
        }
    }

    /** The removal is left for the loop to do. */
    private static final class LateDelete extends ForwardingPort {
        private final List<Runnable> late = new ArrayList<>();

        LateDelete(NativePort port) {
            super(port);
        }

        @Override
        public int control(int set, int operation, int fd, int events, long tag) {
            if (operation == CTL_DEL) {
                late.add(() -> super.control(set, operation, fd, events, tag));
                return 0;
            }
            return super.control(set, operation, fd, events, tag);
        }

        @Override
        public int await(int set, Harvest harvest, int max, int timeoutMillis) {
            late.forEach(Runnable::run);
            late.clear();
            return super.await(set, harvest, max, timeoutMillis);
        }
    }
}
