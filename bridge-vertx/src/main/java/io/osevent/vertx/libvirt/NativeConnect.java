package io.osevent.vertx.libvirt;

import com.sun.jna.Pointer;
import org.libvirt.Connect;
import org.libvirt.LibvirtException;

/** libvirt-java's connection, with the native pointer within reach of this package. */
final class NativeConnect extends Connect {

    NativeConnect(String uri, boolean readOnly) throws LibvirtException {
        super(uri, readOnly);
        if (vcp == null) {
            throw LibvirtFailure.lost("libvirt opened no connection to " + uri + " and gave no reason");
        }
    }

    long address() {
        if (vcp == null) {
            throw LibvirtFailure.lost("the connection is closed");
        }
        return Pointer.nativeValue(vcp.getPointer());
    }
}
