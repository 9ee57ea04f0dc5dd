package io.osevent.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.CTargets;
import io.osevent.shim.Seam;
import io.osevent.shim.Seams;
import org.junit.jupiter.api.Test;

/** Who is refused for want of something asks again and again: nothing may be kept of it. */
class RefusedAddTest {
    private static final int CLOSED_FD = 987_654;

    private final Seam seam = Seams.jna();
    private final EventSet set = EventSet.open(seam, TurnLimits.DEFAULT, BridgeMetrics.NONE);
    private final IdTable<Handle> handles = new IdTable<>();
    private final IdTable<Timer> timers = new IdTable<>();
    private final VirEventHooks hooks =
            new VirEventHooks(seam, set, NativeContext.permanent(set, "libvirt"), handles, timers);

    @Test
    void itsIdIsForgotten() {
        set.close();
        for (int attempt = 0; attempt < 3; attempt++) {
            assertEquals(-1, hooks.addHandle(CLOSED_FD, VirEvents.READABLE, CTargets.pureC(), 0, 0));
            assertEquals(-1, hooks.addTimeout(1, CTargets.pureC(), 0, 0));
        }
        assertEquals(0, handles.size());
        assertEquals(0, timers.size());
    }
}
