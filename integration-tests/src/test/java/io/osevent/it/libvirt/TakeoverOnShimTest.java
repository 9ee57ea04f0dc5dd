package io.osevent.it.libvirt;

import io.osevent.shim.SeamKind;

class TakeoverOnShimTest extends TakeoverContract {
    TakeoverOnShimTest() {
        super(SeamKind.SHIM);
    }
}
