package io.osevent.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.jna.Pointer;
import org.junit.jupiter.api.Test;

class ExtentProbeTest {
    @Test
    void findsTheLastByteThatAnInitialiserTouches() {
        assertEquals(1, ExtentProbe.measure("one", a -> new Pointer(a).setByte(0, (byte) 0)));
        assertEquals(3136, ExtentProbe.measure("many", a -> new Pointer(a).setMemory(0, 3136, (byte) 0)));
    }

    /** Whatever an initialiser leaves at the end, it differs from one of the patterns. */
    @Test
    void isNotFooledByAPatternOfItsOwn() {
        for (int value = 0; value < 256; value++) {
            byte last = (byte) value;
            assertEquals(80, ExtentProbe.measure("patterned", a -> new Pointer(a).setMemory(0, 80, last)));
        }
    }

    @Test
    void refusesWhatIsUnlikelyLarge() {
        assertThrows(
                UnsupportedOperationException.class,
                () -> ExtentProbe.measure("huge", a -> new Pointer(a).setMemory(0, 63 * 1024, (byte) 0)));
        assertThrows(UnsupportedOperationException.class, () -> ExtentProbe.measure("nothing", a -> {}));
    }
}
