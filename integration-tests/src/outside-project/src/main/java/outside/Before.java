package outside;

import io.vertx.core.Vertx;
import org.libvirt.Library;
import org.libvirt.LibvirtException;

/** A Vert.x program as it was: libvirt's own event loop, and a thread to run it. */
public final class Before {
    private Before() {}

    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx();
        Library.initEventLoop();
        Thread thread = new Thread(Before::runEventLoop, "libvirt");
        thread.setDaemon(true);
        thread.start();
        Watch.run();
        vertx.close();
    }

    private static void runEventLoop() {
        try {
            Library.runEventLoop();
        } catch (LibvirtException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
