package io.osevent.agent;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Lock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who serves which host. All agents know all hosts by a map of the cluster; a host is served by whoever holds its lock,
 * and the cluster gives a dead member's locks back. Used on the agent's event loop.
 */
final class HostRegistry {

    private static final String MAP = "osevent.hosts";
    private static final String LOCKS = "osevent.host.";
    private static final long LOOK_MILLIS = 1_000;
    private static final long LOCK_MILLIS = 200;

    private final Vertx vertx;
    private final Consumer<HostConfig> onWon;
    private final Map<String, Lock> held = new HashMap<>();
    private final Set<String> trying = new HashSet<>();
    private AsyncMap<String, String> known;
    private boolean closed;
    private List<HostConfig> own = List.of();
    private long timer = -1;

    HostRegistry(Vertx vertx, Consumer<HostConfig> onWon) {
        this.vertx = vertx;
        this.onWon = onWon;
    }

    /** Makes the agent's own hosts known, and begins to look for hosts that nobody serves. */
    Future<Void> open(List<HostConfig> named) {
        own = named;
        return vertx.sharedData().<String, String>getAsyncMap(MAP).compose(map -> {
            known = map;
            Future<Void> all = Future.succeededFuture();
            for (HostConfig host : own) {
                all = all.compose(ignored -> map.put(host.id(), toJson(host).encode()));
            }
            // Its own hosts come first: whoever names a host is the likeliest to be near it.
            return all.onSuccess(ignored -> {
                own.forEach(this::tryToWin);
                timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
            });
        });
    }

    Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        held.values().forEach(Lock::release);
        held.clear();
        return Future.succeededFuture();
    }

    private void look() {
        known.entries()
                .onSuccess(entries -> entries.values().stream()
                        .map(json -> fromJson(new JsonObject(json)))
                        // Another machine's Xen is not to be had from here.
                        .filter(host -> !host.isLibxl() || own.contains(host))
                        .forEach(this::tryToWin));
    }

    private void tryToWin(HostConfig host) {
        if (closed || held.containsKey(host.id()) || !trying.add(host.id())) {
            return;
        }
        vertx.sharedData().getLockWithTimeout(LOCKS + host.id(), LOCK_MILLIS).onComplete(done -> {
            trying.remove(host.id());
            if (done.failed()) {
                // Somebody else serves it.
                return;
            }
            if (closed) {
                done.result().release();
                return;
            }
            held.put(host.id(), done.result());
            onWon.accept(host);
        });
    }

    static JsonObject toJson(HostConfig host) {
        return new JsonObject()
                .put("id", host.id())
                .put("uri", host.uri())
                .put("readOnly", host.readOnly())
                .put("interval", host.keepAlive().interval())
                .put("count", host.keepAlive().count());
    }

    static HostConfig fromJson(JsonObject json) {
        return new HostConfig(
                json.getString("id"),
                json.getString("uri"),
                json.getBoolean("readOnly"),
                new KeepAlive(json.getInteger("interval"), json.getInteger("count")));
    }
}
