package io.osevent.libvirt;

import io.osevent.shim.Seam;
import io.osevent.shim.Seams;

class RealLibvirtOnJnaProcessTest extends RealLibvirtContractTest {

    @Override
    Seam seam() {
        return Seams.jna();
    }
}
