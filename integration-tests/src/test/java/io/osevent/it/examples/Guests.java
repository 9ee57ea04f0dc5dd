package io.osevent.it.examples;

import io.osevent.vertx.LibvirtEventLoop;
import io.osevent.vertx.libvirt.LibvirtConnectOptions;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;

/** The verticle of the README. */
public class Guests extends VerticleBase {
    @Override
    public Future<?> start() {
        return LibvirtEventLoop.install(vertx)
                .compose(loop -> LibvirtConnection.open(vertx, new LibvirtConnectOptions("test:///default")))
                .onSuccess(connection -> connection.events().handler(event -> System.out.println(event)));
    }

    public static void main(String[] args) {
        Vertx.vertx().deployVerticle(new Guests());
    }
}
