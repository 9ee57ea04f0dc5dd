package io.osevent.shim;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;

/** Skips tests of the shim where the build could not make one; where it did, it must load. */
public final class BuiltShim {
    private BuiltShim() {}

    /** Skips the test if there is no shim in this build. */
    public static void assume() {
        assumeTrue(
                BuiltShim.class.getClassLoader().getResource(Platform.RESOURCE_PREFIX + "/libosevent.so") != null,
                "this build has no C shim: no C compiler or no cmake");
        assertNull(SeamKind.SHIM.unavailabilityCause());
    }
}
