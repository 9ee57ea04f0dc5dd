package io.osevent.it.examples;

import io.osevent.vertx.libvirt.DomainAction;
import io.osevent.vertx.libvirt.DomainEventStream;
import io.osevent.vertx.libvirt.EventStreamOptions;
import io.osevent.vertx.libvirt.LibvirtConnectOptions;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.osevent.vertx.libvirt.LibvirtFailure;
import io.osevent.vertx.libvirt.ManagedHost;
import io.osevent.vertx.libvirt.ManagedHostOptions;
import io.osevent.vertx.libvirt.OverflowPolicy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** What docs/libvirt-for-vertx.md shows. */
final class FaceExamples {

    private FaceExamples() {}

    static Future<LibvirtConnection> open(Vertx vertx) {
        LibvirtConnectOptions options =
                new LibvirtConnectOptions("qemu:///system").setKeepAlive(5, 3).setCallTimeout(Duration.ofSeconds(30));
        return LibvirtConnection.open(vertx, options);
    }

    static void act(LibvirtConnection connection) {
        connection
                .act("web", DomainAction.START)
                .onSuccess(domain -> System.out.println(domain.name() + " is " + domain.state()))
                .onFailure(cause -> {
                    if (cause instanceof LibvirtFailure failure
                            && failure.kind() == LibvirtFailure.Kind.UNKNOWN_DOMAIN) {
                        System.out.println("no such guest: " + failure.code());
                    }
                });
    }

    static Future<String> xmlOf(LibvirtConnection connection) {
        return connection.call("describe web", connect -> {
            var domain = connect.domainLookupByName("web");
            try {
                return domain.getXMLDesc(0);
            } finally {
                domain.free();
            }
        });
    }

    static void listen(LibvirtConnection connection) {
        EventStreamOptions how = new EventStreamOptions().setCapacity(1_000).setPolicy(OverflowPolicy.COALESCE);
        connection.events(how).handler(event -> System.out.println(event.name() + " " + event.type()));
    }

    static void listenAndCall(LibvirtConnection connection) {
        DomainEventStream events = connection.events(new EventStreamOptions().setWorker(true));
        events.handler(event -> {
            events.pause(); // the next one when the answer is here
            connection
                    .domainByUuid(event.uuid())
                    .onSuccess(now -> System.out.println(now.name() + " is " + now.state() + " by now"))
                    .onComplete(answered -> events.resume());
        });
    }

    static void console(LibvirtConnection connection) {
        connection.openConsole("web", null).onSuccess(console -> {
            console.handler(data -> System.out.print(data));
            console.write(Buffer.buffer("\r"));
        });
    }

    static ManagedHost watch(Vertx vertx) {
        ManagedHost host = ManagedHost.start(
                vertx, "lab", new ManagedHostOptions(new LibvirtConnectOptions("qemu+ssh://root@lab/system")));
        host.statusHandler(status -> System.out.println(status.state() + " " + status.reason()));
        host.events(new EventStreamOptions())
                .handler(event -> System.out.println(event.type() + (event.synthetic() ? " (missed)" : "")));
        return host;
    }
}
