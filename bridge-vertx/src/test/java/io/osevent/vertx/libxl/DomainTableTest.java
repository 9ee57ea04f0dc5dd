package io.osevent.vertx.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.vertx.libvirt.DomainState;
import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.LibvirtEvent;
import io.osevent.vertx.libvirt.LibvirtFailure;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DomainTableTest {

    private static final String UUID = "05e00000-0000-4000-8000-00000000000";

    private final DomainTable table = new DomainTable();

    @Test
    void whatIsListedIsToldInLibvirtsWords() {
        List<DomainSummary> told = table.take(List.of(
                listed(0, "Domain-0", "running"),
                listed(1, "a", "running"),
                listed(2, "b", "blocked"),
                listed(3, "c", "paused"),
                listed(4, null, "running"),
                listed(5, "dying", "dying")));
        assertEquals(
                List.of(DomainState.RUNNING, DomainState.RUNNING, DomainState.RUNNING, DomainState.PAUSED),
                told.stream().limit(4).map(DomainSummary::state).toList());
        assertEquals(
                List.of("Domain-0", "a", "b", "c", "domain-4"),
                told.stream().map(DomainSummary::name).toList());
        assertTrue(told.stream().noneMatch(DomainSummary::persistent));
    }

    @Test
    void aDomainWithoutAUuidHasOneOfItsOwn() {
        JsonObject bare = new JsonObject()
                .put("domid", 7)
                .put("running", true)
                .put("uuid", "00000000-0000-0000-0000-000000000000");
        DomainSummary told = table.take(new DomainTable.Listed(DomainInfo.of(bare), "bare"));
        assertEquals("00000000-0000-0000-0000-000000000007", told.uuid());
        assertEquals(Optional.of(7), table.domid(told.uuid()));
    }

    @Test
    void newDomainsAreToBeWatchedOnce() {
        List<DomainTable.Listed> list = List.of(listed(0, "Domain-0", "running"), listed(1, "a", "running"));
        assertEquals(List.of(1), table.unknown(list));
        table.take(list);
        assertEquals(List.of(), table.unknown(list));
    }

    @Test
    void aListThatIsAheadOfItsEventWaitsForIt() {
        table.take(List.of(listed(1, "a", "running")));
        assertEquals(
                DomainState.RUNNING,
                table.take(List.of(shutdown(1, "crash"))).get(0).state());
        LibvirtEvent event = told(DomainEvent.Kind.SHUTDOWN, 1, ShutdownReason.CRASH);
        assertEquals("CRASHED PANICKED", event.type() + " " + event.detail());
        assertFalse(event.synthetic());
        assertEquals(
                DomainState.CRASHED,
                table.take(List.of(shutdown(1, "crash"))).get(0).state());
    }

    @Test
    void butNotForEver() {
        table.take(List.of(listed(1, "a", "running"), listed(2, "b", "running")));
        assertEquals(2, table.take(List.of(shutdown(1, "poweroff"))).size());
        List<DomainSummary> late = table.take(List.of(shutdown(1, "poweroff")));
        assertEquals(1, late.size());
        assertEquals(DomainState.SHUTDOWN, late.get(0).state());
        assertTrue(table.told(new DomainEvent(DomainEvent.Kind.SHUTDOWN, 1, ShutdownReason.POWEROFF, ""))
                .isEmpty());
    }

    @Test
    void theEndOfADomainSaysWhy() {
        table.take(List.of(listed(1, "a", "running"), listed(2, "b", "running"), shutdown(3, "crash")));
        assertEquals(
                "FINISHED",
                told(DomainEvent.Kind.SHUTDOWN, 1, ShutdownReason.POWEROFF).detail());
        assertEquals(
                "SHUTDOWN",
                told(DomainEvent.Kind.DEATH, 1, ShutdownReason.UNKNOWN).detail());
        assertEquals(
                "DESTROYED",
                told(DomainEvent.Kind.DEATH, 2, ShutdownReason.UNKNOWN).detail());
        assertEquals(
                "CRASHED",
                told(DomainEvent.Kind.DEATH, 3, ShutdownReason.UNKNOWN).detail());
        assertTrue(table.told(new DomainEvent(DomainEvent.Kind.DEATH, 3, ShutdownReason.UNKNOWN, ""))
                .isEmpty());
        assertFalse(table.has(1));
    }

    @Test
    void ofTwoWithOneUuidTheYoungestCounts() {
        JsonObject old = json(1, "running");
        JsonObject anew = json(8, "paused").put("uuid", old.getString("uuid"));
        List<DomainSummary> told = table.take(List.of(
                new DomainTable.Listed(DomainInfo.of(anew), "a"), new DomainTable.Listed(DomainInfo.of(old), "a")));
        assertEquals(1, told.size());
        assertEquals(DomainState.PAUSED, told.get(0).state());
        assertEquals(Optional.of(8), table.domid(old.getString("uuid")));
    }

    @Test
    void aDomainThatIsTakenDownIsUnknown() {
        table.take(List.of(listed(1, "a", "running")));
        LibvirtFailure failure = assertThrows(LibvirtFailure.class, () -> table.take(listed(1, "a", "dying")));
        assertEquals(LibvirtFailure.Kind.UNKNOWN_DOMAIN, failure.kind());
    }

    private LibvirtEvent told(DomainEvent.Kind kind, int domid, ShutdownReason reason) {
        return table.told(new DomainEvent(kind, domid, reason, "")).orElseThrow();
    }

    private static DomainTable.Listed listed(int domid, String name, String flag) {
        return new DomainTable.Listed(DomainInfo.of(json(domid, flag)), name);
    }

    private static DomainTable.Listed shutdown(int domid, String reason) {
        return new DomainTable.Listed(
                DomainInfo.of(json(domid, "shutdown").put("shutdown_reason", reason)), "guest" + domid);
    }

    private static JsonObject json(int domid, String flag) {
        return new JsonObject().put("domid", domid).put("uuid", UUID + domid).put(flag, true);
    }
}
