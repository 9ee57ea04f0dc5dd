package io.osevent.shim;

/** The contract of {@link SeamCallsContractTest} over Jna. */
class JnaSeamCallsTest extends SeamCallsContractTest {

    @Override
    protected Seam seam() {
        return Seams.jna();
    }
}
