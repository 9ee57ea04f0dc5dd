package io.osevent.agent;

import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;

/** Tells everybody: the history, the readers of the stream, and the event bus. Used on the agent's event loop. */
final class Publisher {

    /** Every event of a domain, as JSON. */
    static final String EVENTS = "osevent.events";

    /** Every change of a host's state, as JSON. */
    static final String HOSTS = "osevent.hosts";

    private final EventHistory history;
    private final SseHub hub;
    private final EventBus bus;

    Publisher(EventHistory history, SseHub hub, EventBus bus) {
        this.history = history;
        this.hub = hub;
        this.bus = bus;
    }

    void event(JsonObject event) {
        bus.publish(EVENTS, event.copy());
        show("", event);
    }

    void host(JsonObject status) {
        bus.publish(HOSTS, status.copy());
        show("host", status);
    }

    /** Shows what came from the bus; it is not sent there again. */
    void show(String name, JsonObject data) {
        history.add(name, data);
        hub.published();
    }
}
