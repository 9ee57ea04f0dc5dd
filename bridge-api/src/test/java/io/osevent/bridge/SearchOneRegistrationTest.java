package io.osevent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Every interleaving, access by access, of two dispatchers, a modifier, a deregisterer, a drain, the finalizer and a re-use
 * of the slot, on one registration. {@link SlotTable} runs as it is; nothing here relies on the set's lock.
 */
class SearchOneRegistrationTest {
    private static final long MOST = 3_000_000;

    @Test
    void twoDispatchersAndADeregisterer() {
        search("DDXF", "search-two-dispatchers-deregisterer");
    }

    @Test
    void aDispatcherADeregistererAndADrain() {
        search("DXTF", "search-dispatcher-deregisterer-drain");
    }

    @Test
    void aModifierAndAReuseOfTheSlot() {
        search("DMXFR", "search-modifier-and-reuse");
    }

    @Test
    void allOfThemAtOnce() {
        search("DDMXTFR", "search-one-registration");
    }

    @Test
    @EnabledIfSystemProperty(named = "prove.long", matches = "true")
    void threeDispatchers() {
        search("DDDMXTFR", "search-one-registration-three-dispatchers");
    }

    private static void search(String cast, String name) {
        var result = Explorer.explore(() -> new World(new SteppedTable(), cast), MOST);
        ProofLog.held(name, "explorer", result.states(), "states");
    }

    @Test
    void controlCheckThenAdd() {
        control("search-check-then-add", "call", CheckThenAdd::new);
    }

    @Test
    void controlAddThenCheck() {
        control("search-add-then-check", "", AddThenCheck::new);
    }

    @Test
    void controlFinalizerBeforeTheLastReference() {
        control("search-early-finalizer", "under a call", EarlyFinalizer::new);
    }

    @Test
    void controlDisableWithoutCompareAndSet() {
        control("search-disable-by-store", "", DisableByStore::new);
    }

    @Test
    void controlGenerationNotCompared() {
        control("search-generation-not-compared", "call", AnyGeneration::new);
    }

    private static void control(String name, String reason, Supplier<SteppedTable> weakened) {
        Explorer.mustFail(name, reason, () -> new World(weakened.get(), "DDXFR"), MOST);
    }

    /** One slot, its first occupant "a", and whoever the letters say. */
    private static final class World implements Explorer.Program {
        private final SteppedTable slots;
        private final String cast;
        private final CoreFixtureContext context = new CoreFixtureContext();
        private final RecordedTimeout a = context.registration("a");
        private final RecordedTimeout b = context.registration("b");
        private final Map<String, StepThread> threads = new LinkedHashMap<>();
        private final List<Registration> due = new ArrayList<>();
        private final Map<Registration, Integer> inCall = new LinkedHashMap<>();
        private final Map<Registration, Integer> frees = new LinkedHashMap<>();
        private final List<Registration> removed = new ArrayList<>();

        World(SteppedTable slots, String cast) {
            this.slots = slots;
            this.cast = cast;
            slots.register(a);
            long token = a.token();
            for (char who : cast.toCharArray()) {
                Runnable body = switch (who) {
                    case 'D' -> () -> dispatch(token);
                    case 'M' -> () -> modify(token);
                    case 'X', 'T' -> () -> remove(a);
                    case 'F' -> this::finalizeAll;
                    default -> this::reuse;
                };
                threads.put(who + "" + threads.size(), new StepThread(body));
            }
        }

        /** As {@link Turn} and {@link Dispatch} do it. */
        private void dispatch(long token) {
            Registration found = slots.lookUp(token);
            if (found != null && slots.retain(found)) {
                StepThread.note(() -> begin(found));
                leave(found);
            }
        }

        private void begin(Registration r) {
            assertEquals(a, r, "a call of the slot's next occupant");
            assertTrue(!removed.contains(r), "a call began after the removal");
            assertTrue(!frees.containsKey(r), "a call began after ff");
            inCall.merge(r, 1, Integer::sum);
        }

        private void leave(Registration r) {
            boolean last = slots.release(r);
            StepThread.note(() -> {
                inCall.merge(r, -1, Integer::sum);
                if (last) {
                    due.add(r);
                }
            });
        }

        /** As {@link EventSet#modify}: a look-up, a check, and an effect on a live registration alone. */
        private void modify(long token) {
            Registration found = slots.lookUp(token);
            if (found != null && slots.isLive(found)) {
                StepThread.note(() -> assertEquals(a, found, "a modify of the slot's next occupant"));
            }
        }

        /** As {@link EventSet#remove}, and as the drain, which are two ways to the same state. */
        private void remove(Registration r) {
            boolean mine = slots.disable(r);
            StepThread.note(() -> {
                if (mine) {
                    assertTrue(!removed.contains(r), "two removals won");
                    removed.add(r);
                }
            });
            if (mine && slots.release(r)) {
                StepThread.note(() -> due.add(r));
            }
        }

        /** As the loop does it with {@link Finalizers}; it ends when everything that was registered is freed. */
        private void finalizeAll() {
            int registrations = cast.contains("R") ? 2 : 1;
            for (int i = 0; i < registrations; i++) {
                Registration r = StepThread.awaitAccess(() -> !due.isEmpty(), () -> due.remove(0));
                StepThread.note(() -> {
                    assertEquals(0, inCall.getOrDefault(r, 0), "freed under a call");
                    assertEquals(1, frees.merge(r, 1, Integer::sum), "freed once");
                });
                slots.finalized(r);
            }
        }

        /** Registers b in the slot that a has left, calls it, and removes it. */
        private void reuse() {
            StepThread.awaitAccess(slots::hasFree, () -> true);
            slots.register(b);
            if (slots.retain(b)) {
                StepThread.note(() -> inCall.merge(b, 1, Integer::sum));
                leave(b);
            }
            remove(b);
        }

        @Override
        public void run(Explorer explorer) {
            List<String> names = List.copyOf(threads.keySet());
            while (true) {
                List<String> able =
                        names.stream().filter(n -> threads.get(n).canStep()).toList();
                if (able.isEmpty()) {
                    break;
                }
                threads.get(able.get(explorer.choose(able))).step();
            }
            threads.forEach((name, thread) -> assertTrue(thread.isDone(), () -> "stuck: " + name));
            assertEquals(1, frees.get(a), "freed once");
            assertEquals(
                    cast.contains("R") ? 3 : 2, StateWord.generation(slots.peek(0)), "one generation per occupant");
            assertEquals(1, slots.allocated(), "the slot was used again");
            assertTrue(slots.hasFree(), "allocated = used + free");
        }

        @Override
        public void check() {
            long word = slots.peek(0);
            int users = inCall.getOrDefault(a, 0) + inCall.getOrDefault(b, 0);
            int state = StateWord.state(word);
            int references = StateWord.references(word);
            if (state == StateWord.FREE) {
                assertEquals(0, users, "a free slot under a call");
                assertEquals(0, references, "a free slot with references");
            } else {
                // Its own removal may have released before it noted so.
                assertTrue(references >= Math.max(1, users), () -> StateWord.toString(word) + " with " + users);
                assertTrue(references <= users + 2, () -> StateWord.toString(word) + " with " + users);
            }
        }

        @Override
        public String state() {
            StringBuilder text = new StringBuilder().append(slots.state()).append(due);
            text.append(inCall).append(frees).append(removed);
            // Two dispatchers are alike: which of them is where makes no difference.
            threads.entrySet().stream()
                    .map(thread -> thread.getKey().charAt(0) + thread.getValue().state())
                    .sorted()
                    .forEach(text::append);
            return text.toString();
        }
    }

    /** Registrations without a set. */
    private static final class CoreFixtureContext {
        private final NativeContext context = NativeContext.permanent(null, "library");

        RecordedTimeout registration(String name) {
            return new RecordedTimeout(context, name);
        }
    }

    /** Each access to shared memory is one step. */
    private static class SteppedTable extends SlotTable {
        private int free;

        @Override
        long word(int slot) {
            return StepThread.access(() -> super.word(slot));
        }

        @Override
        boolean compareAndSet(int slot, long expected, long next) {
            return StepThread.compareAndSet(() -> super.compareAndSet(slot, expected, next));
        }

        @Override
        void setWord(int slot, long word) {
            StepThread.access(() -> {
                super.setWord(slot, word);
                return "";
            });
        }

        @Override
        Registration occupant(int slot) {
            return StepThread.access(() -> super.occupant(slot));
        }

        @Override
        void setOccupant(int slot, Registration occupant) {
            StepThread.access(() -> {
                super.setOccupant(slot, occupant);
                return "";
            });
        }

        @Override
        int takeSlot() {
            return StepThread.access(() -> {
                free -= free > 0 ? 1 : 0;
                return super.takeSlot();
            });
        }

        @Override
        void putSlot(int slot) {
            StepThread.access(() -> {
                free++;
                super.putSlot(slot);
                return "";
            });
        }

        boolean hasFree() {
            return free > 0;
        }

        /** A look from outside; no step. */
        final long peek(int slot) {
            return super.word(slot);
        }

        final String state() {
            return peek(0) + "/" + super.occupant(0) + "/" + free;
        }
    }

    private static final class CheckThenAdd extends SteppedTable {
        @Override
        boolean retain(Registration registration) {
            if (!isLive(registration)) {
                return false;
            }
            long word;
            do {
                word = word(registration.slot);
            } while (!compareAndSet(registration.slot, word, word + 1));
            return true;
        }
    }

    private static final class AddThenCheck extends SteppedTable {
        @Override
        boolean retain(Registration registration) {
            long word;
            do {
                word = word(registration.slot);
            } while (!compareAndSet(registration.slot, word, word + 1));
            if (isLive(registration)) {
                return true;
            }
            do {
                word = word(registration.slot);
            } while (!compareAndSet(registration.slot, word, word - 1));
            return false;
        }
    }

    private static final class EarlyFinalizer extends SteppedTable {
        @Override
        boolean release(Registration registration) {
            long word = word(registration.slot);
            return StateWord.state(word) == StateWord.DISABLED && StateWord.references(word) <= 2
                    || super.release(registration);
        }
    }

    private static final class DisableByStore extends SteppedTable {
        @Override
        boolean disable(Registration registration) {
            long next = StateWord.disabled(word(registration.slot), registration.generation);
            if (next == StateWord.REFUSED) {
                return false;
            }
            setWord(registration.slot, next);
            return true;
        }
    }

    private static final class AnyGeneration extends SteppedTable {
        @Override
        boolean retain(Registration registration) {
            long word;
            long next;
            do {
                word = word(registration.slot);
                next = StateWord.retained(word, StateWord.generation(word));
                if (next == StateWord.REFUSED) {
                    return false;
                }
            } while (!compareAndSet(registration.slot, word, next));
            return true;
        }
    }
}
