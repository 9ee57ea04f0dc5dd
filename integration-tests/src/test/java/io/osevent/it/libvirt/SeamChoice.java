package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.osevent.shim.SeamKind;
import io.osevent.shim.Seams;

/** Picks the native seam for the rest of this process. */
final class SeamChoice {
    private SeamChoice() {}

    /** Before the loop is installed for the first time; as {@link #assumeAvailable}. */
    static void use(SeamKind seam) {
        assumeAvailable(seam);
        System.setProperty(Seams.PROPERTY, seam.toString());
    }

    /** Skips the test where the shim was not built, but not in CI. */
    static void assumeAvailable(SeamKind seam) {
        Throwable cause = seam.unavailabilityCause();
        if (cause != null) {
            if ("true".equals(System.getenv("CI"))) {
                fail(cause);
            }
            abort("no " + seam + " seam here: " + cause.getMessage());
        }
    }
}
