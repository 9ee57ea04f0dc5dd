package io.osevent.it.face;

import io.vertx.core.Vertx;
import org.libvirt.Library;

/** Libvirt's event loop for tests. */
final class TestLoop {

    private static boolean running;

    private TestLoop() {}

    static synchronized void install(Vertx vertx) throws Exception {
        if (running) {
            return;
        }
        running = true;
        Library.initEventLoop();
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            Library.processEvent();
                        }
                    } catch (org.libvirt.LibvirtException e) {
                        throw new IllegalStateException(e);
                    }
                },
                "libvirt-events");
        thread.setDaemon(true);
        thread.start();
    }
}
