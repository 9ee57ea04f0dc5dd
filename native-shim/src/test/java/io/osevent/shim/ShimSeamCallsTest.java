package io.osevent.shim;

import org.junit.jupiter.api.BeforeAll;

/** The contract of {@link SeamCallsContractTest} over Shim. */
class ShimSeamCallsTest extends SeamCallsContractTest {
    @BeforeAll
    static void onlyWhereItWasBuilt() {
        BuiltShim.assume();
    }

    @Override
    protected Seam seam() {
        return Seams.shim();
    }
}
