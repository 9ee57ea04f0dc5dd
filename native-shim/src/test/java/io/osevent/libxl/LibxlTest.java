package io.osevent.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
