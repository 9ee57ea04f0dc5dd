package io.osevent.it.examples;

import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Vertx;
import org.libvirt.Connect;
import org.libvirt.LibvirtException;

/** The one line under libvirt-java. */
final class UnderLibvirtJava {

    private UnderLibvirtJava() {}

    static Connect connect(Vertx vertx) throws LibvirtException {
        LibvirtEventLoop.install(vertx)
                .toCompletionStage()
                .toCompletableFuture()
                .join();

        Connect connection = new Connect("qemu:///system");
        connection.addLifecycleListener((domain, event) -> {
            System.out.println(event);
            return 0;
        });
        return connection;
    }
}
