package io.osevent.vertx.libvirt;

import org.libvirt.Error;
import org.libvirt.jna.Libvirt;
import org.libvirt.jna.virError;

/** Turns libvirt's return values into exceptions. Libvirt keeps its last error per thread: ask on the thread that called. */
final class VirtErrors {

    /** Held for the life of the process: libvirt keeps the pointer. */
    private static final Libvirt.VirErrorCallback QUIET = (userData, error) -> {};

    private VirtErrors() {}

    static int check(int result) {
        if (result < 0) {
            throw last();
        }
        return result;
    }

    static long check(long pointer) {
        if (pointer == 0) {
            throw last();
        }
        return pointer;
    }

    static LibvirtFailure last() {
        virError error = Libvirt.INSTANCE.virGetLastError();
        if (error == null) {
            return new LibvirtFailure(
                    LibvirtFailure.Kind.OTHER, "", "", "libvirt reported a failure without an error", null);
        }
        return LibvirtErrors.of(new Error(error), null);
    }

    static void silence() {
        Libvirt.INSTANCE.virSetErrorFunc(null, QUIET);
    }
}
