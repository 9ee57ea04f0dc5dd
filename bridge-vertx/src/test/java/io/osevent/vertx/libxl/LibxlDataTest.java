package io.osevent.vertx.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** libxl leaves out of its JSON whatever has its default value. */
class LibxlDataTest {
    @Test
    void aPowerOffIsAShutdownWithoutAReason() {
        DomainEvent event = event("{\"domid\": 7, \"for_user\": 1, \"type.domain_shutdown\": {}}", "");
        assertEquals(new DomainEvent(DomainEvent.Kind.SHUTDOWN, 7, ShutdownReason.POWEROFF, ""), event);
    }

    @Test
    void aCrashIsReasonThree() {
        DomainEvent event = event("{\"domid\": 7, \"type.domain_shutdown\": {\"shutdown_reason\": 3}}", "");
        assertEquals(ShutdownReason.CRASH, event.reason());
    }

    @Test
    void aReasonThatIsNotKnownIsNoFailure() {
        DomainEvent event = event("{\"domid\": 7, \"type.domain_shutdown\": {\"shutdown_reason\": 255}}", "");
        assertEquals(ShutdownReason.UNKNOWN, event.reason());
    }

    @Test
    void anEjectTellsTheDriveThatWasAskedAbout() {
        DomainEvent event = event("{\"domid\": 7, \"type.disk_eject\": {\"disk\": {\"pdev_path\": \"\"}}}", "hdc");
        assertEquals(new DomainEvent(DomainEvent.Kind.DISK_EJECT, 7, ShutdownReason.UNKNOWN, "hdc"), event);
    }

    @Test
    void whatIsNotKnownIsOther() {
        assertEquals(
                DomainEvent.Kind.OTHER,
                event("{\"domid\": 7, \"type.news\": {}}", "").kind());
    }

    private static DomainEvent event(String json, String drive) {
        return DomainEvent.of(new JsonObject(json), drive);
    }

    @Test
    void dom0IsADomainWithoutANumber() {
        DomainInfo info = DomainInfo.of(new JsonObject("{\"uuid\": \"00000000-0000-0000-0000-000000000000\","
                + " \"running\": true, \"domain_type\": \"pv\", \"current_memkb\": 1048576, \"vcpu_online\": 2}"));
        assertEquals(0, info.domid());
        assertEquals(DomainType.PV, info.type());
        assertEquals(ShutdownReason.UNKNOWN, info.reason());
        assertTrue(info.running());
        assertFalse(info.paused());
        assertEquals(1 << 20, info.memoryKiB());
        assertEquals(2, info.vcpus());
    }

    @Test
    void aConfigurationIsWhatLibxlReads() {
        UUID uuid = UUID.fromString("05e00000-0000-4000-8000-000000000001");
        JsonObject json = DomainConfig.pvh("guest")
                .uuid(uuid)
                .vcpus(2)
                .memoryMiB(128)
                .kernel("/boot/guest")
                .commandLine("quiet")
                .nic(new JsonObject().put("mac", "00:16:3e:00:00:01"))
                .toJson();
        assertEquals("pvh", json.getJsonObject("c_info").getString("type"));
        assertEquals(uuid.toString(), json.getJsonObject("c_info").getString("uuid"));
        JsonObject build = json.getJsonObject("b_info");
        assertEquals(131072, build.getInteger("max_memkb"));
        assertEquals(new JsonObject(), build.getJsonObject("type.pvh"));
        assertFalse(build.containsKey("ramdisk"), "what was not set is left to libxl");
        assertEquals(1, json.getJsonArray("nics").size());
    }

    @Test
    void nonsenseIsRefusedWhereItIsSet() {
        assertThrows(
                IllegalArgumentException.class, () -> DomainConfig.pv("guest").vcpus(0));
        assertThrows(
                IllegalArgumentException.class, () -> DomainConfig.pv("guest").memoryMiB(0));
        assertThrows(NullPointerException.class, () -> DomainConfig.pv(null));
    }
}
