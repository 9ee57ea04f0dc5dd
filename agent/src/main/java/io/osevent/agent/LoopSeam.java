package io.osevent.agent;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.libvirt.Library;

/** Runs libvirt's event loop. */
final class LoopSeam {

    private LoopSeam() {}

    static Future<LoopSeam> install(Vertx vertx) {
        return vertx.executeBlocking(() -> {
            try {
                Library.initEventLoop();
            } catch (LinkageError e) {
                throw new IllegalStateException(
                        "libvirt.so cannot be loaded; install the package libvirt0 ("
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("") + ")",
                        e);
            }
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
            return new LoopSeam();
        });
    }

    Future<Void> close() {
        return Future.succeededFuture();
    }
}
