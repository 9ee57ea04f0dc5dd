package io.osevent.agent;

import io.osevent.vertx.libvirt.ConsoleStream;
import io.osevent.vertx.libvirt.LibvirtFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** Consoles of hosts that another agent serves. */
final class ConsoleRelay {

    private static final String OPEN = "osevent.console.";
    private static final String ENDS = "osevent.console-end.";
    private static final String DOMAIN = "domain";
    private static final String NEAR = "near";
    private static final String FAR = "far";

    /** More than a host's answer may take. */
    private static final long OPEN_MILLIS = 35_000;

    private ConsoleRelay() {}

    static String address(String hostId) {
        return OPEN + hostId;
    }

    /** Opens a console where the host is served. */
    static Future<ConsoleStream> open(Vertx vertx, String hostId, String domain, String agent) {
        String session = ENDS + UUID.randomUUID();
        JsonObject asked = new JsonObject()
                .put(DOMAIN, domain)
                .put(NEAR, session + "." + NEAR)
                .put(FAR, session + "." + FAR);
        BusConsole near =
                new BusConsole(vertx, asked.getString(NEAR), asked.getString(FAR), agent, BusConsole.Watch.DEFAULT);
        // What comes before there is a reader waits.
        near.pause();
        return near.listening()
                .compose(ignored -> vertx.eventBus()
                        .<JsonObject>request(address(hostId), asked, new DeliveryOptions().setSendTimeout(OPEN_MILLIS))
                        .recover(cause -> Future.failedFuture(new LibvirtFailure(
                                LibvirtFailure.Kind.CONNECTION_LOST, "", "", agent + " does not answer", null))))
                .<ConsoleStream>map(answer -> {
                    ActionAnswer.throwIfFailed(answer.body());
                    near.connected();
                    return near;
                })
                .onFailure(cause -> near.close());
    }

    /** Serves what {@link #open} asks for. */
    static void serve(Vertx vertx, ServedHost host, Message<JsonObject> message) {
        JsonObject asked = message.body();
        host.openConsole(asked.getString(DOMAIN))
                .onSuccess(console -> {
                    BusConsole far = new BusConsole(
                            vertx,
                            asked.getString(FAR),
                            asked.getString(NEAR),
                            "the agent that shows the console",
                            BusConsole.Watch.DEFAULT);
                    console.pause();
                    far.listening().onComplete(ignored -> {
                        join(console, far);
                        far.connected();
                        message.reply(new JsonObject());
                    });
                })
                .onFailure(cause -> message.reply(ActionAnswer.failure(cause)));
    }

    private static void join(ConsoleStream console, BusConsole far) {
        console.pipe()
                .endOnFailure(false)
                .to(far)
                .onFailure(cause -> far.close(String.valueOf(cause.getMessage())))
                .onComplete(ignored -> console.close());
        far.pipeTo(console).onComplete(ignored -> console.close());
    }
}
