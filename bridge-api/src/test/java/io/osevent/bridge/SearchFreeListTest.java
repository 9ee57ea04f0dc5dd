package io.osevent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving, access by access, of threads that take slots from the free list and give them back. {@link FreeList}
 * runs as it is; its spin is a wait for a head that is not BUSY, so a BUSY left behind shows as a thread that is stuck.
 */
class SearchFreeListTest {
    private static final long MOST = 2_000_000;

    @Test
    void threeThreads() {
        search("search-free-list", 2, "take give", "take take give give", "give:7 take");
    }

    @Test
    void anEmptyList() {
        search("search-free-list-empty", 0, "take give", "give:7 take", "take take");
    }

    private static void search(String name, int slots, String... scripts) {
        var result = Explorer.explore(() -> new World(SteppedList::new, slots, scripts), MOST);
        ProofLog.held(name, "explorer", result.states(), "states");
    }

    @Test
    void controlOptimisticPop() {
        control("search-optimistic-pop", "read a link", OptimisticPop::new);
    }

    @Test
    void controlNullNotPutBack() {
        control("search-null-not-put-back", "stuck", NullNotPutBack::new);
    }

    @Test
    void controlLinkedBeforeLocked() {
        control("search-linked-before-locked", "stuck", LinkedBeforeLocked::new);
    }

    private static void control(String name, String reason, Function<FreeList.Links, SteppedList> weakened) {
        Explorer.mustFail(
                name, reason, () -> new World(weakened, 1, "take give", "take take give give", "give:7 take"), MOST);
    }

    private static final class World implements Explorer.Program, FreeList.Links {
        private final Map<Integer, Integer> links = new LinkedHashMap<>();
        private final SteppedList list;
        private final Map<String, StepThread> threads = new LinkedHashMap<>();
        private final Map<String, List<Integer>> owned = new LinkedHashMap<>();
        private final Set<Integer> all = new TreeSet<>();

        World(Function<FreeList.Links, SteppedList> kind, int slots, String... scripts) {
            list = kind.apply(this);
            for (int slot = 0; slot < slots; slot++) {
                list.push(slot);
                all.add(slot);
            }
            for (String script : scripts) {
                String name = "thread " + threads.size();
                List<Integer> mine = new ArrayList<>();
                owned.put(name, mine);
                threads.put(name, new StepThread(() -> follow(script, mine)));
                if (script.startsWith("give:")) {
                    int slot = Integer.parseInt(script.substring(5, 6));
                    mine.add(slot);
                    all.add(slot);
                }
            }
        }

        private void follow(String script, List<Integer> mine) {
            for (String word : script.split(" ")) {
                if (word.equals("take")) {
                    int slot = list.pop();
                    StepThread.note(() -> took(slot, mine));
                } else {
                    int given = StepThread.access(() -> mine.isEmpty() ? FreeList.NULL : mine.remove(0));
                    if (given != FreeList.NULL) {
                        list.push(given);
                    }
                }
            }
        }

        private void took(int slot, List<Integer> mine) {
            assertNotEquals(FreeList.BUSY, slot, "BUSY is no slot");
            if (slot != FreeList.NULL) {
                owned.values().forEach(others -> assertTrue(!others.contains(slot), "one slot taken twice"));
                mine.add(slot);
            }
        }

        @Override
        public int next(int slot) {
            return StepThread.access(() -> {
                owned.values().forEach(others -> {
                    assertTrue(!others.contains(slot), "read a link inside a slot that was taken");
                });
                return links.get(slot);
            });
        }

        @Override
        public void setNext(int slot, int next) {
            StepThread.access(() -> links.put(slot, next) == null ? "" : "");
        }

        @Override
        public void run(Explorer explorer) {
            while (true) {
                List<String> able = threads.keySet().stream()
                        .filter(n -> threads.get(n).canStep())
                        .toList();
                if (able.isEmpty()) {
                    break;
                }
                threads.get(able.get(explorer.choose(able))).step();
            }
            threads.forEach((name, thread) -> assertTrue(thread.isDone(), () -> "stuck: " + name));
            Set<Integer> found = new TreeSet<>();
            for (int slot = list.head(); slot != FreeList.NULL; slot = links.get(slot)) {
                assertNotEquals(FreeList.BUSY, slot, "BUSY left in the list");
                assertTrue(found.add(slot), "a cycle in the list");
            }
            owned.values().forEach(mine -> mine.forEach(slot -> assertTrue(found.add(slot), "both free and taken")));
            assertEquals(all, found, "allocated = used + free");
        }

        @Override
        public void check() {}

        @Override
        public String state() {
            StringBuilder text =
                    new StringBuilder().append(list.peek()).append(links).append(owned);
            threads.values().forEach(thread -> text.append(thread.state()).append('|'));
            return text.toString();
        }
    }

    /** Each access to the head is one step. */
    private static class SteppedList extends FreeList {
        protected final Links links;

        SteppedList(Links links) {
            super(links);
            this.links = links;
        }

        @Override
        int tryLockHead() {
            return StepThread.awaitAccess(() -> peek() != BUSY, super::tryLockHead);
        }

        @Override
        void putHead(int slot) {
            StepThread.access(() -> {
                super.putHead(slot);
                return "";
            });
        }

        @Override
        int head() {
            return StepThread.access(super::head);
        }

        final int peek() {
            return super.head();
        }
    }

    /** Reads the head, reads the link inside it, and only then takes it: the lockless variant. */
    private static final class OptimisticPop extends SteppedList {
        OptimisticPop(Links links) {
            super(links);
        }

        @Override
        int pop() {
            int slot = StepThread.awaitAccess(() -> peek() != BUSY, this::peek);
            if (slot == NULL) {
                return NULL;
            }
            int next = links.next(slot);
            int head = lockHead();
            putHead(head == slot ? next : head);
            return head == slot ? slot : NULL;
        }
    }

    private static final class NullNotPutBack extends SteppedList {
        NullNotPutBack(Links links) {
            super(links);
        }

        @Override
        int pop() {
            int slot = lockHead();
            if (slot != NULL) {
                putHead(links.next(slot));
            }
            return slot;
        }
    }

    private static final class LinkedBeforeLocked extends SteppedList {
        LinkedBeforeLocked(Links links) {
            super(links);
        }

        @Override
        void push(int slot) {
            links.setNext(slot, StepThread.access(this::peek));
            lockHead();
            putHead(slot);
        }
    }
}
