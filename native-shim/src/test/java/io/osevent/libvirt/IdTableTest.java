package io.osevent.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.osevent.shim.Garbage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdTableTest {
    private final IdTable<Object> table = new IdTable<>();

    @Test
    void idsAscendFromOneToTheEndOfTheSeries() {
        assertEquals(0, table.lastIssued());
        assertEquals(1, table.issue());
        assertEquals(2, table.issue());
        IdTable<Object> late = new IdTable<>(Integer.MAX_VALUE - 1);
        assertEquals(Integer.MAX_VALUE, late.issue());
        assertEquals(IdTable.NONE, late.issue());
        assertEquals(IdTable.NONE, late.issue());
    }

    @Test
    void whatWasNeverPutIsNotFound() {
        for (int id : new int[] {Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE}) {
            assertNull(table.get(id));
            assertNull(table.remove(id));
        }
    }

    /** Against a map of the JDK, through growth and shrinkage, with removals in random order. */
    @Test
    void itAgreesWithAMap() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            IdTable<Object> tested = new IdTable<>(seed % 2 == 0 ? 0 : Integer.MAX_VALUE - 60_000);
            Map<Integer, Object> model = new HashMap<>();
            List<Integer> live = new ArrayList<>();
            for (int step = 0; step < 30_000; step++) {
                boolean growing = step / 5_000 % 2 == 0;
                if (live.isEmpty() || random.nextInt(10) < (growing ? 8 : 2)) {
                    int id = tested.issue();
                    Object value = new Object();
                    tested.put(id, value);
                    model.put(id, value);
                    live.add(id);
                } else {
                    int at = random.nextInt(live.size());
                    int id = live.set(at, live.get(live.size() - 1));
                    live.remove(live.size() - 1);
                    assertSame(model.remove(id), tested.remove(id));
                    assertNull(tested.get(id));
                }
                if (step % 1_000 == 0) {
                    model.forEach((id, value) -> assertSame(value, tested.get(id)));
                }
            }
            assertEquals(model.size(), tested.size());
            for (int id : live) {
                assertSame(model.get(id), tested.remove(id));
            }
            assertEquals(0, tested.size());
        }
    }

    @Test
    void lookUpAndChangeAllocateNothing() {
        Object value = new Object();
        for (int i = 0; i < 100; i++) {
            table.put(table.issue(), value);
        }
        Garbage.assertNone(() -> {
            int id = table.issue();
            table.put(id, value);
            if (table.get(id) != value || table.remove(id - 50) == null && table.remove(id) == null) {
                throw new AssertionError();
            }
        });
    }
}
