package io.osevent.it.libvirt;

import io.osevent.shim.SeamKind;

class TakeoverOnJnaTest extends TakeoverContract {
    TakeoverOnJnaTest() {
        super(SeamKind.JNA);
    }
}
