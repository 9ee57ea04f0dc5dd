package io.osevent.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LibxlTest {
    @Test
    void aReleaseThatIsNotThereIsOneClearLine() {
        System.setProperty(Libxl.PROPERTY, "0.1");
        try {
            String message = Libxl.unavailabilityCause().getMessage();
            assertTrue(message.startsWith("libxenlight.so.0.1 cannot be used: install"), message);
            assertFalse(message.contains("\n"), message);
            assertFalse(Libxl.isAvailable());
        } finally {
            System.clearProperty(Libxl.PROPERTY);
        }
    }

    /** Beside hooks, the first of them can sleep with its event at hand, and the others are what it is made of. */
    @Test
    void nothingThatWaitsForEventsIsBound() {
        Set<String> waits = Set.of("libxl_event_wait", "libxl_event_check", "libxl_osevent_beforepoll");
        List<String> bound = Arrays.stream(LibxlFunctions.class.getDeclaredMethods())
                .map(Method::getName)
                .toList();
        assertTrue(bound.contains("libxl_ctx_free"), bound::toString);
        assertTrue(bound.stream().noneMatch(waits::contains), bound::toString);
    }

    @Test
    void resultsHaveTheNamesOfLibxlsHeader() {
        assertEquals("ERROR_TIMEDOUT (-9)", LibxlException.name(LibxlException.TIMEDOUT));
        assertEquals("ERROR_ABORTED (-22)", LibxlException.name(LibxlException.ABORTED));
        assertEquals("ERROR_QEMU_API (-32)", LibxlException.name(-32));
        assertEquals("result -33", LibxlException.name(-33));
        assertEquals("EMFILE from an event hook", LibxlException.name(24));
        assertEquals(
                "libxl_x failed with ERROR_FAIL (-3): no reason",
                new LibxlException("libxl_x", LibxlException.FAIL, "no reason").getMessage());
    }
}
