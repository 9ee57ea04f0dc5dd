package io.osevent.vertx.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InventoryTest {

    private final Inventory inventory = new Inventory(List.of());

    @Test
    void theFirstListIsTheBaseLine() {
        assertEquals(List.of(), types(inventory.compare(List.of(domain("a", DomainState.RUNNING)), none -> false)));
        assertEquals(DomainState.RUNNING, inventory.get("a").state());
    }

    @Test
    void whatChangedBetweenTwoListsIsTold() {
        list(domain("a", DomainState.RUNNING), domain("b", DomainState.RUNNING), domain("c", DomainState.SHUTOFF));
        List<String> missed = types(inventory.compare(
                List.of(
                        domain("a", DomainState.SHUTOFF),
                        domain("b", DomainState.PAUSED),
                        domain("c", DomainState.RUNNING),
                        domain("d", DomainState.RUNNING)),
                none -> false));
        assertEquals(List.of("a STOPPED", "b SUSPENDED", "c STARTED", "d DEFINED", "d STARTED"), missed);
    }

    @Test
    void aDomainThatVanishedWasStoppedAndUndefined() {
        list(domain("a", DomainState.RUNNING));
        assertEquals(List.of("a STOPPED", "a UNDEFINED"), types(inventory.compare(List.of(), none -> false)));
        assertNull(inventory.get("a"));
    }

    @Test
    void aTransientDomainThatVanishedWasOnlyStopped() {
        list(new DomainSummary("t", "t", DomainState.RUNNING, false));
        assertEquals(List.of("t STOPPED"), types(inventory.compare(List.of(), none -> false)));
    }

    @Test
    void whatAnotherWatcherKnewIsComparedWithTheFirstList() {
        Inventory heir = new Inventory(List.of(domain("a", DomainState.RUNNING)));
        assertEquals(
                List.of("a STOPPED"), types(heir.compare(List.of(domain("a", DomainState.SHUTOFF)), none -> false)));
    }

    @Test
    void missedEventsAreMarked() {
        list(domain("a", DomainState.RUNNING));
        LibvirtEvent missed = inventory
                .compare(List.of(domain("a", DomainState.PAUSED)), none -> false)
                .get(0);
        assertTrue(missed.synthetic());
        assertEquals("MISSED", missed.detail());
    }

    @Test
    void aListOlderThanAnEventDoesNotTurnTheClockBack() {
        list(domain("a", DomainState.RUNNING));
        inventory.apply(event("a", LifecycleType.STOPPED));
        assertEquals(List.of(), types(inventory.compare(List.of(domain("a", DomainState.RUNNING)), "a"::equals)));
        assertEquals(DomainState.SHUTOFF, inventory.get("a").state());
    }

    @Test
    void liveEventsMoveTheStateOn() {
        list(domain("a", DomainState.SHUTOFF));
        assertFalse(inventory.apply(event("a", LifecycleType.STARTED)));
        assertEquals(DomainState.RUNNING, inventory.get("a").state());
        inventory.apply(event("a", LifecycleType.SUSPENDED));
        assertEquals(DomainState.PAUSED, inventory.get("a").state());
        inventory.apply(event("a", LifecycleType.RESUMED));
        assertEquals(DomainState.RUNNING, inventory.get("a").state());
    }

    @Test
    void onlyTheHostKnowsWhatBecameOfATransientDomain() {
        assertTrue(inventory.apply(event("t", LifecycleType.STARTED)), "unknown before");
        inventory.settle(new DomainSummary("t", "t", DomainState.RUNNING, false));
        assertTrue(inventory.apply(event("t", LifecycleType.STOPPED)), "may be gone");
        assertEquals(List.of(), types(inventory.gone("t")), "its end was seen");
    }

    @Test
    void anUndefinedDomainGoesWithoutAnotherEvent() {
        list(domain("a", DomainState.SHUTOFF));
        assertTrue(inventory.apply(event("a", LifecycleType.UNDEFINED)));
        assertEquals(List.of(), types(inventory.gone("a")));
    }

    @Test
    void whatResumedWasNotStarted() {
        list(domain("a", DomainState.PAUSED));
        assertEquals(
                List.of("a RESUMED"),
                types(inventory.compare(List.of(domain("a", DomainState.RUNNING)), none -> false)));
    }

    private void list(DomainSummary... domains) {
        inventory.compare(List.of(domains), none -> false);
    }

    private static DomainSummary domain(String name, DomainState state) {
        return new DomainSummary(name, name, state, true);
    }

    private static LibvirtEvent event(String name, LifecycleType type) {
        return LibvirtEvent.now(EventKind.LIFECYCLE, name, name, type.name(), "", Map.of());
    }

    private static List<String> types(List<LibvirtEvent> events) {
        return events.stream().map(event -> event.name() + " " + event.type()).toList();
    }
}
