package io.osevent.shim;

import org.junit.jupiter.api.BeforeAll;

/** The contract of {@link SeamContractTest} over Shim. */
class ShimSeamTest extends SeamContractTest {
    @BeforeAll
    static void onlyWhereItWasBuilt() {
        BuiltShim.assume();
    }

    @Override
    protected Seam seam() {
        return Seams.shim();
    }
}
