package io.osevent.vertx;

import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.CallScope;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.LeaseKeeper;
import io.osevent.bridge.ThreadHost;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.Seam;
import io.vertx.core.internal.ContextInternal;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The one event set of the native contexts that were opened in one Vert.x context: a thousand of them are not a thousand
 * epoll sets. It is closed after the last one has ended.
 *
 * <p>When the Vert.x closes before they have ended, a parked thread takes the set over, so that their teardown goes on.
 */
final class SharedSet {
    /** Whose contexts share a set. */
    private record Key(ContextInternal context, Seam seam) {}

    /** Guards itself, and every count. */
    private static final Map<Key, SharedSet> SETS = new HashMap<>();

    private final Key key;
    private final EventSet set;
    private final VertxHost host;
    private final LeaseKeeper keeper;
    private final CompletionStage<Void> watched;
    private int users;
    private boolean leaked;

    private SharedSet(Key key, EventSet set, VertxHost host) {
        this.key = key;
        this.set = set;
        this.host = host;
        this.keeper = new LeaseKeeper(set, new ThreadHost("osevent-libxl-parked", CallScope.PLAIN));
        this.watched = keeper.install(host);
    }

    /**
     * The set of a context, made for its first user. On that context's thread, so that its own event loop watches it.
     *
     * @throws io.osevent.bridge.NativeErrorException if there are no file descriptors left
     */
    static SharedSet acquire(ContextInternal context, Seam seam) {
        Key key = new Key(context.unwrap(), seam);
        synchronized (SETS) {
            SharedSet shared = SETS.get(key);
            if (shared == null) {
                EventSet set = EventSet.open(seam, TurnLimits.DEFAULT, BridgeMetrics.NONE);
                shared = new SharedSet(key, set, new VertxHost(context.owner()));
                SETS.put(key, shared);
            }
            shared.users++;
            return shared;
        }
    }

    EventSet set() {
        return set;
    }

    /** Completes when an event loop watches the set; fails if the Vert.x is closed. */
    CompletionStage<Void> watched() {
        return watched;
    }

    /**
     * One user less. The last one ends the set: when its registrations are finalized and its last turn has returned.
     *
     * @param clean false if a context was leaked, whose registrations may never be finalized
     */
    void release(boolean clean) {
        synchronized (SETS) {
            users--;
            leaked |= !clean;
            if (users > 0) {
                return;
            }
            SETS.remove(key);
        }
        CompletionStage<Void> empty = leaked ? CompletableFuture.completedStage(null) : set.empty();
        empty.thenCompose(nothing -> keeper.end()).thenRun(() -> {
            set.close();
            host.close();
        });
    }
}
