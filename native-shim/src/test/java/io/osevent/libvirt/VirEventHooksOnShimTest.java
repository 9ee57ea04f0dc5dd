package io.osevent.libvirt;

import io.osevent.shim.BuiltShim;
import io.osevent.shim.Seam;
import io.osevent.shim.Seams;
import org.junit.jupiter.api.BeforeAll;

class VirEventHooksOnShimTest extends VirEventHooksContractTest {
    @BeforeAll
    static void onlyWhereItWasBuilt() {
        BuiltShim.assume();
    }

    @Override
    Seam seam() {
        return Seams.shim();
    }
}
