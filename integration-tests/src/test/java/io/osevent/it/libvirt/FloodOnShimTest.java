package io.osevent.it.libvirt;

import io.osevent.shim.SeamKind;

class FloodOnShimTest extends FloodContract {
    FloodOnShimTest() {
        super(SeamKind.SHIM);
    }
}
