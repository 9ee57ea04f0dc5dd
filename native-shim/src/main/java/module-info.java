/**
 * All that touches native memory: the two seams to the kernel and to C callbacks, and one package per foreign library.
 *
 * <p>JNA is an automatic module; jlink refuses those.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.osevent.shim {
    requires transitive io.osevent.bridge;
    requires com.sun.jna;

    exports io.osevent.libvirt;
    exports io.osevent.libxl;
    exports io.osevent.shim;
}
