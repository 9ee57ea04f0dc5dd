package io.osevent.vertx.libvirt;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps the inventory true while one connection stands. Registered for events first, then listed, so that nothing
 * falls between; a domain about which an event came while an answer was under way is asked about again. Runs on the
 * host's context.
 */
final class HostSync {

    /** How long an event that explains a difference may take to arrive before it counts as missed. */
    private static final long GRACE_MILLIS = 250;

    private final Vertx vertx;
    private final HostConnection connection;
    private final Inventory inventory;
    private final Consumer<LibvirtEvent> emit;
    private final Consumer<Throwable> trouble;
    /** Domains being asked about, so that a flood of events makes one question. */
    private final Set<String> asking = new HashSet<>();

    private Set<String> movedWhileListing;
    private boolean stopped;

    HostSync(
            Vertx vertx,
            HostConnection connection,
            Inventory inventory,
            Consumer<LibvirtEvent> emit,
            Consumer<Throwable> trouble) {
        this.vertx = vertx;
        this.connection = connection;
        this.inventory = inventory;
        this.emit = emit;
        this.trouble = trouble;
    }

    void stop() {
        stopped = true;
    }

    /** A live event. */
    void onEvent(LibvirtEvent event) {
        if (stopped) {
            return;
        }
        boolean ask = inventory.apply(event);
        emit.accept(event);
        if (movedWhileListing != null) {
            movedWhileListing.add(event.uuid());
        } else if (ask) {
            ask(event.uuid(), false);
        }
    }

    /** Lists and compares; completes when what was missed has been told. */
    Future<Void> list() {
        if (movedWhileListing != null) {
            return Future.succeededFuture();
        }
        Set<String> moved = new HashSet<>();
        movedWhileListing = moved;
        return connection.domains().transform(done -> {
            movedWhileListing = null;
            if (stopped) {
                return Future.failedFuture(LibvirtFailure.lost("the connection ended while domains were listed"));
            }
            if (done.failed()) {
                return Future.failedFuture(done.cause());
            }
            inventory.compare(done.result(), moved::contains).forEach(emit);
            moved.forEach(uuid -> ask(uuid, false));
            return Future.succeededFuture();
        });
    }

    private void ask(String uuid, boolean certain) {
        if (stopped || !asking.add(uuid)) {
            return;
        }
        long before = inventory.sequence(uuid);
        connection.domainByUuid(uuid).onComplete(done -> {
            asking.remove(uuid);
            if (stopped) {
                return;
            }
            if (inventory.sequence(uuid) != before) {
                ask(uuid, false);
            } else if (done.succeeded()) {
                found(done.result(), certain);
            } else if (isUnknownDomain(done.cause())) {
                tell(inventory.gone(uuid));
            } else {
                trouble.accept(done.cause());
            }
        });
    }

    private void found(DomainSummary now, boolean certain) {
        DomainSummary known = inventory.get(now.uuid());
        if (certain || known == null || known.state() == now.state()) {
            tell(inventory.settle(now));
        } else {
            // The event may be on its way: what is found now may be newer than what has been delivered.
            vertx.setTimer(GRACE_MILLIS, ignored -> ask(now.uuid(), true));
        }
    }

    private void tell(List<LibvirtEvent> missed) {
        missed.forEach(emit);
    }

    private static boolean isUnknownDomain(Throwable cause) {
        return cause instanceof LibvirtFailure failure && failure.kind() == LibvirtFailure.Kind.UNKNOWN_DOMAIN;
    }
}
