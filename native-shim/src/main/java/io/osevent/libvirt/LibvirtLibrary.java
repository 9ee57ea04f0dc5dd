package io.osevent.libvirt;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** The few functions of libvirt that its event hooks need. The library is loaded when it is first asked for. */
final class LibvirtLibrary {
    /** The library's name on Linux since its first stable release. */
    static final String NAME = "libvirt.so.0";

    private static boolean loaded;

    private LibvirtLibrary() {}

    /**
     * Loads libvirt into the process.
     *
     * @throws UnsupportedOperationException if it is not there; the message says what to do
     */
    static synchronized void load(String name) {
        if (loaded) {
            return;
        }
        try {
            Native.register(LibvirtLibrary.class, NativeLibrary.getInstance(name));
            loaded = true;
        } catch (LinkageError e) {
            throw new UnsupportedOperationException(
                    name + " cannot be loaded: install libvirt's client library (package libvirt0 on Debian and Ubuntu,"
                            + " libvirt-libs on Fedora), or name its directory with -Djna.library.path",
                    e);
        }
    }

    static native void virEventRegisterImpl(
            long addHandle,
            long updateHandle,
            long removeHandle,
            long addTimeout,
            long updateTimeout,
            long removeTimeout);

    static native int virEventAddTimeout(int periodMillis, long callback, long opaque, long ff);

    static native int virEventRemoveTimeout(int timer);
}
