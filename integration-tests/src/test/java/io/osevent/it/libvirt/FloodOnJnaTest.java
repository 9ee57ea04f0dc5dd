package io.osevent.it.libvirt;

import io.osevent.shim.SeamKind;

class FloodOnJnaTest extends FloodContract {
    FloodOnJnaTest() {
        super(SeamKind.JNA);
    }
}
