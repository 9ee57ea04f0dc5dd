package io.osevent.vertx.libvirt;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What is known about a host's domains. Live events move it on; a list taken after an outage is compared with it, and
 * what differs is what was missed. Changed by one thread, read by any.
 */
final class Inventory {

    private final Map<String, DomainSummary> domains = new ConcurrentHashMap<>();
    /** Life-cycle events seen per domain, to tell whether something happened while an answer was under way. */
    private final Map<String, Long> sequence = new HashMap<>();

    private boolean primed;

    /** What was known before makes the first list tell what was missed. */
    Inventory(Collection<DomainSummary> known) {
        known.forEach(domain -> domains.put(domain.uuid(), domain));
        primed = !known.isEmpty();
    }

    Collection<DomainSummary> domains() {
        return List.copyOf(domains.values());
    }

    DomainSummary get(String uuid) {
        return domains.get(uuid);
    }

    long sequence(String uuid) {
        return sequence.getOrDefault(uuid, 0L);
    }

    /** Applies a live event; true means that only the host knows what has become of the domain. */
    boolean apply(LibvirtEvent event) {
        if (event.kind() != EventKind.LIFECYCLE) {
            return false;
        }
        sequence.merge(event.uuid(), 1L, Long::sum);
        LifecycleType type = event.lifecycle();
        DomainSummary before = domains.get(event.uuid());
        boolean persistent = switch (type) {
            case DEFINED -> true;
            case UNDEFINED -> false;
            default -> before != null && before.persistent();
        };
        DomainState state = type.stateAfter(before == null ? DomainState.SHUTOFF : before.state());
        domains.put(event.uuid(), new DomainSummary(event.uuid(), event.name(), state, persistent));
        return switch (type) {
            case DEFINED, UNDEFINED, UNKNOWN -> true;
            case STOPPED -> !persistent;
            default -> before == null;
        };
    }

    /**
     * Compares a complete list with what was known; the first list is the base line and makes no events.
     *
     * @param found the list
     * @param moved the domains about which an event came while the list was under way: the list may be older
     */
    List<LibvirtEvent> compare(List<DomainSummary> found, Predicate<String> moved) {
        List<LibvirtEvent> missed = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (DomainSummary now : found) {
            seen.add(now.uuid());
            if (!moved.test(now.uuid())) {
                missed.addAll(settle(now));
            }
        }
        for (String uuid : List.copyOf(domains.keySet())) {
            if (!seen.contains(uuid) && !moved.test(uuid)) {
                missed.addAll(gone(uuid));
            }
        }
        boolean first = !primed;
        primed = true;
        return first ? List.of() : missed;
    }

    /** Takes over what a domain is found to be, and returns what must have been missed. */
    List<LibvirtEvent> settle(DomainSummary now) {
        DomainSummary before = domains.put(now.uuid(), now);
        List<LibvirtEvent> missed = new ArrayList<>();
        if (before == null) {
            if (now.persistent()) {
                missed.add(LibvirtEvent.missed(LifecycleType.DEFINED, now));
            }
            if (now.state().isActive()) {
                missed.add(LibvirtEvent.missed(LifecycleType.STARTED, now));
                if (now.state() == DomainState.PAUSED) {
                    missed.add(LibvirtEvent.missed(LifecycleType.SUSPENDED, now));
                }
            }
        } else if (before.state() != now.state()) {
            boolean startedPaused = !before.state().isActive() && now.state() == DomainState.PAUSED;
            if (startedPaused) {
                missed.add(LibvirtEvent.missed(LifecycleType.STARTED, now));
            }
            missed.add(LibvirtEvent.missed(LifecycleType.between(before.state(), now.state()), now));
        }
        return missed;
    }

    /** Takes over that a domain is no more, and returns what must have been missed. */
    List<LibvirtEvent> gone(String uuid) {
        DomainSummary before = domains.remove(uuid);
        sequence.remove(uuid);
        List<LibvirtEvent> missed = new ArrayList<>();
        if (before != null && before.state().isActive()) {
            missed.add(LibvirtEvent.missed(LifecycleType.STOPPED, before.in(DomainState.SHUTOFF)));
        }
        if (before != null && before.persistent()) {
            missed.add(LibvirtEvent.missed(LifecycleType.UNDEFINED, before));
        }
        return missed;
    }
}
