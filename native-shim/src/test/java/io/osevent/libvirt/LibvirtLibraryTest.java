package io.osevent.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LibvirtLibraryTest {
    @Test
    void aMissingLibraryIsSaidInOneLineWithTheWayOut() {
        var e = assertThrows(
                UnsupportedOperationException.class, () -> LibvirtLibrary.load("libvirt-that-is-not-here.so.0"));
        assertEquals(
                "libvirt-that-is-not-here.so.0 cannot be loaded: install libvirt's client library (package libvirt0 on"
                        + " Debian and Ubuntu, libvirt-libs on Fedora), or name its directory with -Djna.library.path",
                e.getMessage());
    }
}
