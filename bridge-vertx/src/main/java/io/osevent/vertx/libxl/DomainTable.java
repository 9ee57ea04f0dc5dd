package io.osevent.vertx.libxl;

import io.osevent.vertx.libvirt.DomainState;
import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.EventKind;
import io.osevent.vertx.libvirt.LibvirtEvent;
import io.osevent.vertx.libvirt.LibvirtFailure.Kind;
import io.osevent.vertx.libvirt.LifecycleType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * libxl's domains in libvirt's words. libxl knows numbers, libvirt UUIDs; and libxl tells that a guest has stopped and that
 * a domain has gone, while all else shows in lists. A list may be ahead of the event that tells the same: what an event is
 * due for is held back for one list.
 */
final class DomainTable {

    /** The domain that this runs in, which is not acted upon. */
    static final int DOM0 = 0;

    private static final String NO_UUID = "00000000-0000-0000-0000-000000000000";
    private static final String NUMBERED_UUID = "00000000-0000-0000-0000-%012x";

    /**
     * A domain as it was listed.
     *
     * @param info what the hypervisor knows
     * @param name its name; null if it has none yet
     */
    record Listed(DomainInfo info, String name) {

        int domid() {
            return info.domid();
        }

        DomainSummary summary() {
            String shown = name == null ? "domain-" + domid() : name;
            return new DomainSummary(uuid(), shown, stateOf(info), false);
        }

        /** Whoever builds a domain may leave it without. */
        private String uuid() {
            boolean own =
                    !info.uuid().isEmpty() && (domid() == DOM0 || !info.uuid().equals(NO_UUID));
            return own ? info.uuid() : String.format(NUMBERED_UUID, domid());
        }
    }

    private static final class Entry {
        private DomainSummary told;
        private ShutdownReason reason = ShutdownReason.UNKNOWN;
        private boolean heldBack;

        private Entry(DomainSummary told) {
            this.told = told;
        }
    }

    private final Map<Integer, Entry> entries = new TreeMap<>();

    /** The domains that a list has and this has not: ask before {@link #take}. */
    synchronized List<Integer> unknown(Collection<Listed> listed) {
        return listed.stream()
                .filter(DomainTable::isThere)
                .map(Listed::domid)
                .filter(domid -> domid != DOM0 && !entries.containsKey(domid))
                .toList();
    }

    /** Takes a list over, and returns it as it is to be told. */
    synchronized List<DomainSummary> take(Collection<Listed> listed) {
        Set<Integer> seen = new HashSet<>();
        for (Listed each : listed) {
            if (isThere(each)) {
                seen.add(each.domid());
                take(each);
            }
        }
        entries.entrySet().removeIf(each -> !seen.contains(each.getKey()) && !holdBack(each.getValue()));
        // A domain that is built anew keeps its UUID: the youngest counts, and it comes last.
        Map<String, DomainSummary> byUuid = new TreeMap<>();
        entries.values().forEach(entry -> byUuid.put(entry.told.uuid(), entry.told));
        return new ArrayList<>(byUuid.values());
    }

    /** Takes one domain over, and returns it as it is to be told. */
    synchronized DomainSummary take(Listed listed) {
        if (!isThere(listed)) {
            entries.remove(listed.domid());
            throw LibxlFailures.of(Kind.UNKNOWN_DOMAIN, "domain " + listed.domid() + " is being taken down");
        }
        DomainSummary now = listed.summary();
        Entry entry = entries.get(listed.domid());
        if (entry == null) {
            entry = new Entry(now);
            entry.reason = listed.info().shutdown() ? listed.info().reason() : ShutdownReason.UNKNOWN;
            entries.put(listed.domid(), entry);
            return now;
        }
        boolean untold = listed.info().shutdown() && entry.reason == ShutdownReason.UNKNOWN;
        if (!untold || !holdBack(entry)) {
            entry.told = now;
            entry.heldBack = false;
            if (untold) {
                entry.reason = listed.info().reason();
            }
        }
        return entry.told;
    }

    /** True once. */
    private static boolean holdBack(Entry entry) {
        boolean first = !entry.heldBack;
        entry.heldBack = true;
        return first;
    }

    /** Puts an event into libvirt's words; empty if that was known. */
    synchronized Optional<LibvirtEvent> told(DomainEvent event) {
        Entry entry = entries.get(event.domid());
        if (entry == null) {
            return Optional.empty();
        }
        switch (event.kind()) {
            case SHUTDOWN -> {
                if (entry.reason != ShutdownReason.UNKNOWN) {
                    return Optional.empty();
                }
                entry.reason = event.reason() == ShutdownReason.UNKNOWN ? ShutdownReason.POWEROFF : event.reason();
                entry.heldBack = false;
                LifecycleType type =
                        entry.reason == ShutdownReason.CRASH ? LifecycleType.CRASHED : LifecycleType.SHUTDOWN;
                entry.told = in(entry.told, type.stateAfter(entry.told.state()));
                return Optional.of(event(entry.told, type, stopped(entry.reason)));
            }
            case DEATH -> {
                entries.remove(event.domid());
                return Optional.of(
                        event(in(entry.told, DomainState.SHUTOFF), LifecycleType.STOPPED, gone(entry.reason)));
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    synchronized boolean has(int domid) {
        return entries.containsKey(domid);
    }

    synchronized Optional<Integer> domid(String uuid) {
        Integer found = null;
        for (Map.Entry<Integer, Entry> each : entries.entrySet()) {
            found = each.getValue().told.uuid().equals(uuid) ? each.getKey() : found;
        }
        return Optional.ofNullable(found);
    }

    /** A domain that is taken down is dead to all but the hypervisor. */
    private static boolean isThere(Listed listed) {
        return !listed.info().dying();
    }

    static DomainSummary in(DomainSummary domain, DomainState state) {
        return new DomainSummary(domain.uuid(), domain.name(), state, domain.persistent());
    }

    /** Whether a processor runs at this very moment is not told: it would be news each second. */
    static DomainState stateOf(DomainInfo info) {
        if (info.dying()) {
            return DomainState.SHUTOFF;
        }
        if (info.shutdown()) {
            return info.reason() == ShutdownReason.CRASH ? DomainState.CRASHED : DomainState.SHUTDOWN;
        }
        return info.paused() ? DomainState.PAUSED : DomainState.RUNNING;
    }

    private static String stopped(ShutdownReason reason) {
        return switch (reason) {
            case POWEROFF -> "FINISHED";
            case CRASH -> "PANICKED";
            default -> reason.name();
        };
    }

    private static String gone(ShutdownReason reason) {
        return switch (reason) {
            case POWEROFF, REBOOT -> "SHUTDOWN";
            case CRASH, WATCHDOG -> "CRASHED";
            case SUSPEND -> "SAVED";
            default -> "DESTROYED";
        };
    }

    private static LibvirtEvent event(DomainSummary domain, LifecycleType type, String detail) {
        // When libxl's callback ran is not known.
        return new LibvirtEvent(
                EventKind.LIFECYCLE,
                domain.uuid(),
                domain.name(),
                type.name(),
                detail,
                Map.of(),
                Instant.now(),
                LibvirtEvent.UNKNOWN_NANOS,
                false);
    }
}
