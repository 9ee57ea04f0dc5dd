package io.osevent.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.NativeFds;
import io.osevent.shim.Seam;
import io.osevent.shim.Seams;
import org.junit.jupiter.api.Test;
import org.libvirt.Library;

class OtherImplementationFirstProcessTest {
    @Test
    void itIsNoticedAndSaid() throws Exception {
        assumeTrue(
                VirEventImpl.isAvailable(),
                () -> VirEventImpl.unavailabilityCause().getMessage());
        Library.initEventLoop();
        Seam seam = Seams.best();
        long before = NativeFds.openCount("anon_inode:[eventpoll]");
        for (int attempt = 0; attempt < 2; attempt++) {
            var e = assertThrows(
                    IllegalStateException.class,
                    () -> VirEventImpl.register(seam, TurnLimits.DEFAULT, BridgeMetrics.NONE));
            assertTrue(e.getMessage().startsWith("Another event implementation was registered"), e.getMessage());
        }
        assertTrue(VirEventImpl.registered().isEmpty());
        assertEquals(before, NativeFds.openCount("anon_inode:[eventpoll]"));
    }
}
