package io.osevent.vertx.libvirt;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** What one connection has registered with libvirt, so that all of it can be taken back. */
final class EventRegistrations {

    private final long key;
    private final List<Integer> callbackIds = new ArrayList<>();
    private final Set<EventKind> unsupported = EnumSet.noneOf(EventKind.class);
    private boolean closeCallback;

    private EventRegistrations(long key) {
        this.key = key;
    }

    static EventRegistrations make(
            NativeConnect connect, Set<EventKind> kinds, Consumer<LibvirtEvent> events, IntConsumer closed) {
        EventRegistrations made = new EventRegistrations(EventCallbacks.open(events, closed));
        long address = connect.address();
        // Some drivers have no close callback; they have no daemon that could go away either.
        made.closeCallback =
                VirtApi.virConnectRegisterCloseCallback(address, EventCallbacks.closeCallback(), made.key, 0) == 0;
        for (EventKind kind : kinds) {
            int id = VirtApi.virConnectDomainEventRegisterAny(
                    address, 0, kind.eventId(), EventCallbacks.callback(kind), made.key, 0);
            if (id >= 0) {
                made.callbackIds.add(id);
            } else {
                LibvirtFailure failure = VirtErrors.last();
                if (failure.kind() == LibvirtFailure.Kind.CONNECTION_LOST) {
                    made.remove(connect);
                    throw failure;
                }
                made.unsupported.add(kind);
            }
        }
        return made;
    }

    Set<EventKind> unsupported() {
        return Set.copyOf(unsupported);
    }

    /** Results do not matter: on a dead connection libvirt answers -1, and deregisters. */
    void remove(NativeConnect connect) {
        EventCallbacks.close(key);
        long address = connect.address();
        for (int id : callbackIds) {
            VirtApi.virConnectDomainEventDeregisterAny(address, id);
        }
        if (closeCallback) {
            VirtApi.virConnectUnregisterCloseCallback(address, EventCallbacks.closeCallback());
        }
    }
}
