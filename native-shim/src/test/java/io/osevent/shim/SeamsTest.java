package io.osevent.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeamsTest {
    private String before;

    @BeforeEach
    void forgetChoice() {
        before = System.clearProperty(Seams.PROPERTY);
    }

    @AfterEach
    void restoreChoice() {
        if (before == null) {
            System.clearProperty(Seams.PROPERTY);
        } else {
            System.setProperty(Seams.PROPERTY, before);
        }
    }

    @Test
    void thereIsAlwaysOneOnLinux() {
        assertTrue(Seams.isAvailable());
        assertNull(Seams.unavailabilityCause());
        assertTrue(Seams.available().contains(Seams.jna()));
        assertEquals(SeamKind.JNA, Seams.jna().kind());
    }

    @Test
    void theShimIsBestWhereItWasBuilt() {
        BuiltShim.assume();
        assertEquals(List.of(Seams.shim(), Seams.jna()), Seams.available());
        assertSame(Seams.shim(), Seams.best());
        assertEquals(SeamKind.SHIM, Seams.shim().kind());
    }

    @Test
    void thePropertyPicks() {
        System.setProperty(Seams.PROPERTY, "jna");
        assertSame(Seams.jna(), Seams.best());
    }

    @Test
    void aWrongNameIsSaidInOneLine() {
        System.setProperty(Seams.PROPERTY, "panama");
        var e = assertThrows(UnsupportedOperationException.class, Seams::best);
        assertEquals("-Dio.osevent.seam=panama names no native seam; use \"jna\" or \"shim\"", e.getMessage());
        assertFalse(Seams.isAvailable());
        assertEquals(e.getMessage(), Seams.unavailabilityCause().getMessage());
    }
}
