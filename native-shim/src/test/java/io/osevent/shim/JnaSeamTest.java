package io.osevent.shim;

/** The contract of {@link SeamContractTest} over Jna. */
class JnaSeamTest extends SeamContractTest {

    @Override
    protected Seam seam() {
        return Seams.jna();
    }
}
