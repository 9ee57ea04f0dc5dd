package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.osevent.libvirt.VirEventImpl;

/** What a test against libvirt's built-in driver needs: its client library alone. */
final class LibvirtRequirement {
    private LibvirtRequirement() {}

    /** Skips the test, with the reason, where libvirt is missing; with {@code CI=true} the test fails instead. */
    static void assumeMet() {
        Throwable cause = VirEventImpl.unavailabilityCause();
        if (cause == null) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            fail(cause);
        }
        abort(cause.getMessage());
    }
}
