/**
 * The Vert.x host of the bridge, and what a Vert.x user calls.
 *
 * <p>libvirt-java and JNA are automatic modules; jlink refuses those.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.osevent.vertx {
    requires transitive io.osevent.bridge;
    requires transitive io.osevent.shim;
    requires transitive io.vertx.core;
    requires io.netty.common;
    requires io.netty.transport;
    requires static com.sun.jna;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static io.netty.transport.unix.common;
    requires static transitive libvirt;

    exports io.osevent.vertx;
    exports io.osevent.vertx.libvirt;
    exports io.osevent.vertx.libxl;
}
