package io.osevent.libvirt;

import io.osevent.shim.Seam;
import io.osevent.shim.Seams;

class VirEventHooksOnJnaTest extends VirEventHooksContractTest {

    @Override
    Seam seam() {
        return Seams.jna();
    }
}
