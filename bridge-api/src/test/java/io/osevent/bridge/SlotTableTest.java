package io.osevent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Slots, their words and their generations. */
class SlotTableTest {
    private final SlotTable slots = new SlotTable(3);

    private RecordedTimeout registered() {
        RecordedTimeout registration = new RecordedTimeout(null, "r");
        slots.register(registration);
        return registration;
    }

    private void end(Registration registration) {
        assertTrue(slots.disable(registration));
        assertTrue(slots.release(registration));
        slots.finalized(registration);
    }

    @Test
    void exactlyOneDisableWinsAndTheLastReferenceIsTheFinalizers() {
        Registration r = registered();
        assertTrue(slots.retain(r));
        assertTrue(slots.disable(r));
        assertFalse(slots.disable(r));
        assertFalse(slots.retain(r), "no retain after disable");
        assertFalse(slots.release(r), "the foreign library's");
        assertTrue(slots.release(r), "the call's was the last");
        assertThrows(IllegalStateException.class, () -> {
            slots.finalized(r);
            slots.finalized(r);
        });
    }

    @Test
    void aSaturatedGenerationRetiresItsSlot() {
        Set<Long> tokens = new HashSet<>();
        int first = -1;
        for (int i = 0; i < 3; i++) {
            Registration r = registered();
            first = first < 0 ? r.slot : first;
            assertEquals(first, r.slot);
            assertTrue(tokens.add(r.token()), "a token is never used twice");
            end(r);
            assertNull(slots.lookUp(r.token()));
        }
        assertEquals(StateWord.RETIRED, StateWord.state(slots.word(first)));
        Registration next = registered();
        assertNotEquals(first, next.slot);
        assertTrue(tokens.add(next.token()));
    }

    @Test
    void aWithdrawnRegistrationLeavesItsSlotFree() {
        Registration r = registered();
        slots.withdraw(r);
        assertNull(slots.lookUp(r.token()));
        assertEquals(r.slot, registered().slot);
    }

    @Test
    void whatWasNeverRegisteredIsNotLive() {
        Registration r = new RecordedTimeout(null, "r");
        assertFalse(slots.isLive(r));
        assertFalse(slots.disable(r));
    }

    @Test
    void allocatedIsUsedPlusFreePlusRetired() {
        SlotTable table = new SlotTable();
        Registration[] all = new Registration[5_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = new RecordedTimeout(null, "r");
            table.register(all[i]);
        }
        assertEquals(all.length, table.allocated());
        for (Registration r : all) {
            table.disable(r);
            table.release(r);
            table.finalized(r);
        }
        for (int i = 0; i < all.length; i++) {
            table.register(new RecordedTimeout(null, "again"));
        }
        assertEquals(all.length, table.allocated(), "every slot came back");
    }
}
