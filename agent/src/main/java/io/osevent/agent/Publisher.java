package io.osevent.agent;

import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;

/** Tells everybody: the history, the readers of the stream, and the event bus. Used on the agent's event loop. */
final class Publisher {

    /** Every event of a domain, as JSON. */
    static final String EVENTS = "osevent.events";

    /** Every change of a host's state, as JSON. */
    static final String HOSTS = "osevent.hosts";

    /** In a cluster, the agent that tells. */
    static final String SENDER = "agent";

    private final EventHistory history;
    private final SseHub hub;
    private final EventBus bus;
    private String sender;
    private Runnable afterwards = () -> {};

    Publisher(EventHistory history, SseHub hub, EventBus bus) {
        this.history = history;
        this.hub = hub;
        this.bus = bus;
    }

    /** From now on what is told bears a name, and somebody hears that there was something to tell. */
    void signAs(String name, Runnable told) {
        sender = name;
        afterwards = told;
    }

    void event(JsonObject event) {
        tell(EVENTS, "", event);
    }

    void host(JsonObject status) {
        tell(HOSTS, "host", status);
    }

    /** Shows what came from the bus; it is not sent there again. */
    void show(String name, JsonObject data) {
        history.add(name, data);
        hub.published();
    }

    private void tell(String address, String name, JsonObject data) {
        JsonObject sent = data.copy();
        if (sender != null) {
            sent.put(SENDER, sender);
        }
        bus.publish(address, sent);
        show(name, data);
        afterwards.run();
    }
}
