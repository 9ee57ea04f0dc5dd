package io.osevent.bench;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** The workload of remote.h with a handler in Java: N connections, each of which hears of every event. */
interface Remote {
    /** Awaits the events and says how fast they came. */
    List<JsonObject> measure(JvmPeer.Identity identity) throws InterruptedException;

    /** Closes the connections; nothing of them is left open when it has returned. */
    void close() throws Exception;
}
