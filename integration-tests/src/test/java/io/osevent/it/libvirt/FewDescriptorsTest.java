package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A process that is almost out of file descriptors is told so; it does not die of the next connection. */
class FewDescriptorsTest {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private static LibvirtdRig rig;

    @BeforeAll
    static void startRig() throws Exception {
        rig = LibvirtdRig.start();
    }

    @AfterAll
    static void stopRig() {
        if (rig != null) {
            rig.close();
        }
    }

    private static ChildJvm run(boolean guarded) throws Exception {
        return ChildJvm.run(BOUND, FewDescriptorsMain.class, List.of(), Boolean.toString(guarded), rig.uri("test"));
    }

    @Test
    void aConnectionIsRefusedByNameAndTheProcessGoesOn() throws Exception {
        ChildJvm child = run(true);
        assertEquals(0, child.exit(), child::output);
        for (int left = 0; left < 16; left++) {
            assertTrue(
                    child.output().contains(left + " left: too few file descriptors are left to open "), child::output);
        }
        assertTrue(child.output().contains(FewDescriptorsMain.MOST + " left: opened"), child::output);
        assertTrue(child.output().contains("and on it went"), child::output);
    }

    /** The control: what libvirt's client does to the process if nobody looks first. */
    @Test
    void unguardedTheProcessIsAborted() throws Exception {
        ChildJvm child = run(false);
        assertNotEquals(0, child.exit(), child::output);
        assertTrue(child.output().contains("GWakeup"), child::output);
    }
}
