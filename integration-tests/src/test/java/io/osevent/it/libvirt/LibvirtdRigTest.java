package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.Error;
import org.libvirt.LibvirtException;

/** The rig and its guests, seen through libvirt's own event loop: what any other loop has to equal. */
class LibvirtdRigTest {
    private static final Duration BOUND = Duration.ofSeconds(20);
    /** VIR_DOMAIN_START_PAUSED. */
    private static final int START_PAUSED = 1;

    private static LibvirtdRig rig;
    private static ReferenceLoop loop;

    private Connect connect;
    private SeenEvents events;

    @BeforeAll
    static void startRig() throws Exception {
        long start = System.nanoTime();
        rig = LibvirtdRig.start();
        measured("libvirtd answers after its start", start, System.nanoTime());
        loop = ReferenceLoop.start();
    }

    @AfterAll
    static void stopRig() throws Exception {
        if (loop != null) {
            loop.stop();
        }
        if (rig != null) {
            rig.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        connect = new Connect(rig.uri("qemu"));
        events = SeenEvents.of(connect);
    }

    @AfterEach
    void closeAndClean() throws Exception {
        events.stop();
        assertEquals(0, connect.close(), "references left");
        if (!rig.isRunning()) {
            rig.startDaemon();
        }
        Connect cleaner = new Connect(rig.uri("qemu"));
        for (int id : cleaner.listDomains()) {
            try {
                cleaner.domainLookupByID(id).destroy();
            } catch (LibvirtException e) {
                assertEquals(
                        Error.ErrorNumber.VIR_ERR_NO_DOMAIN, e.getError().getCode(), "gone by itself or not at all");
            }
        }
        cleaner.close();
    }

    @Test
    void aGuestIsCreatedSuspendedResumedAndDestroyed() throws Exception {
        Guest guest = rig.guest("plain", Guest.Variant.WAIT);

        long start = System.nanoTime();
        Domain domain = connect.domainCreateXML(guest.xml(), 0);
        expectStarted(guest);
        measured("create", start, System.nanoTime());
        start = System.nanoTime();
        domain.suspend();
        measured("suspend", start, events.expect("plain SUSPENDED (PAUSED)"));
        start = System.nanoTime();
        domain.resume();
        measured("resume", start, events.expect("plain RESUMED (UNPAUSED)"));
        start = System.nanoTime();
        domain.destroy();
        measured("destroy", start, events.expectDestroyed("plain"));
        domain.free();
    }

    @Test
    void aGuestPrintsAndEchoesOnItsConsole() throws Exception {
        Guest guest = rig.guest("console", Guest.Variant.WAIT);
        Domain domain = boot(guest);

        try (FileChannel console = rig.openSerial(domain.getXMLDesc(0))) {
            long start = System.nanoTime();
            type(console, "hello, guest");
            awaitConsole(guest, Guest.BANNER + "\r\nhello, guest");
            measured("console echo", start, System.nanoTime());
            type(console, String.valueOf(Guest.TYPE_POWER_OFF));
            events.expect("console SHUTDOWN (UNKNOWN)");
        }
        events.expect("console STOPPED (SHUTDOWN)");
        domain.free();
    }

    @Test
    void aGuestPowersItselfOff() throws Exception {
        Guest guest = rig.guest("off", Guest.Variant.POWER_OFF);

        Domain domain = createPaused(guest);
        long start = System.nanoTime();
        resume(domain, guest);
        measured("guest has powered off after its resume", start, events.expect("off SHUTDOWN (UNKNOWN)"));
        measured("guest is gone after its resume", start, events.expect("off STOPPED (SHUTDOWN)"));
        domain.free();
    }

    @Test
    void aGuestRebootsItselfOnce() throws Exception {
        Guest guest = rig.guest("again", Guest.Variant.REBOOT);

        SeenReboots reboots = SeenReboots.on(rig.uri("qemu"));

        Domain domain = createPaused(guest);
        long start = System.nanoTime();
        resume(domain, guest);
        measured("guest has rebooted after its resume", start, reboots.expect("again"));
        awaitConsole(guest, Guest.BANNER_AGAIN);
        domain.destroy();
        events.expectDestroyed("again");
        domain.free();
    }

    @Test
    void aGuestPanics() throws Exception {
        Guest guest = rig.guest("panic", Guest.Variant.PANIC);

        Domain domain = createPaused(guest);
        long start = System.nanoTime();
        resume(domain, guest);
        long crashed = events.expectAfterPossible("panic SUSPENDED (PAUSED)", "panic CRASHED (PANICKED)");
        measured("guest has panicked after its resume", start, crashed);
        events.expectAfterPossible("panic SUSPENDED (PAUSED)", "panic STOPPED (CRASHED)");
        domain.free();
    }

    @Test
    void aGuestObeysTheHostsRebootAndShutdown() throws Exception {
        Guest guest = rig.guest("obedient", Guest.Variant.WAIT);
        Domain domain = boot(guest);
        SeenReboots reboots = SeenReboots.on(rig.uri("qemu"));

        long start = System.nanoTime();
        domain.reboot(0);
        measured("reboot by the power button", start, reboots.expect("obedient"));
        awaitConsole(guest, Guest.BANNER_AGAIN);
        start = System.nanoTime();
        domain.shutdown();
        measured("shutdown by the power button", start, events.expect("obedient SHUTDOWN (UNKNOWN)"));
        events.expect("obedient STOPPED (SHUTDOWN)");
        domain.free();
    }

    @Test
    void aDeafGuestIgnoresTheShutdownAndStillEchoes() throws Exception {
        Guest guest = rig.guest("deaf", Guest.Variant.DEAF);
        Domain domain = boot(guest);

        domain.shutdown();
        try (FileChannel console = rig.openSerial(domain.getXMLDesc(0))) {
            type(console, "still here");
            awaitConsole(guest, "still here");
        }
        domain.destroy();
        events.expectDestroyed("deaf");
        domain.free();
    }

    @Test
    void aGuestWhoseQemuIsKilledHasFailed() throws Exception {
        Guest guest = rig.guest("killed", Guest.Variant.WAIT);
        Domain domain = boot(guest);
        assertTrue(commandLineOf(rig.pidOfGuest("killed")).contains("guest=killed"));

        long start = System.nanoTime();
        rig.killGuest("killed");
        measured("kill -9 of a guest's QEMU", start, events.expect("killed STOPPED (FAILED)"));
        assertThrows(NoSuchElementException.class, () -> rig.pidOfGuest("killed"));
        domain.free();
    }

    @Test
    void aStoppedDaemonIsNoticedByKeepaliveAndGoesOn() throws Exception {
        connect.setKeepAlive(1, 3);

        long start = System.nanoTime();
        rig.sigstop();
        measured("keepalive 1 s x 3 notices SIGSTOP", start, events.expect("closed: KEEPALIVE"));
        rig.sigcont();
        Connect next = new Connect(rig.uri("test"));
        assertEquals(1, next.numOfDomains());
        next.close();
    }

    @Test
    void aKilledDaemonIsNoticedAtOnceAndItsSuccessorFindsTheGuests() throws Exception {
        Guest guest = rig.guest("survivor", Guest.Variant.WAIT);
        boot(guest).free();
        long guestPid = rig.pidOfGuest("survivor");
        long daemonPid = rig.pid();

        long start = System.nanoTime();
        rig.kill9();
        measured("kill -9 of libvirtd", start, events.expect("closed: EOF"));
        assertThrows(LibvirtException.class, () -> new Connect(rig.uri("qemu")));
        start = System.nanoTime();
        rig.startDaemon();
        measured("libvirtd answers after kill -9 and start", start, System.nanoTime());
        assertNotEquals(daemonPid, rig.pid());

        Connect next = new Connect(rig.uri("qemu"));
        SeenEvents nextEvents = SeenEvents.of(next);
        Domain found = next.domainLookupByName("survivor");
        assertEquals(guestPid, rig.pidOfGuest("survivor"));
        // A destroy would break into the new daemon's reconnection to the guest; a suspend waits for it.
        found.suspend();
        nextEvents.expect("survivor SUSPENDED (PAUSED)");
        found.destroy();
        nextEvents.expectDestroyed("survivor");
        found.free();
        nextEvents.stop();
        assertEquals(0, next.close(), "references left");
    }

    @Test
    void aDaemonThatEndsInOrderIsNoticedAndRestarts() throws Exception {
        long start = System.nanoTime();
        rig.terminate();
        measured("SIGTERM of libvirtd", start, events.expect("closed: EOF"));
        assertFalse(rig.isRunning());
        assertThrows(IllegalStateException.class, rig::sigstop);
        start = System.nanoTime();
        rig.restart();
        measured("libvirtd answers after SIGTERM and start", start, System.nanoTime());
        assertThrows(IllegalStateException.class, rig::startDaemon);
    }

    @Test
    void aSecondRigHasItsOwnGuestsAndSettingsAndLeavesNothing() throws Exception {
        Path directory;
        ProcessHandle daemon;
        try (LibvirtdRig other = LibvirtdRig.start(Map.of("max_clients", "2", "max_anonymous_clients", "2"))) {
            directory = other.directory();
            daemon = ProcessHandle.of(other.pid()).orElseThrow();
            Connect first = new Connect(other.uri("qemu"));
            boot(rig.guest("mine", Guest.Variant.WAIT)).free();
            assertEquals(0, first.numOfDomains());
            first.close();
            assertTrue(other.log().contains("libvirt version"), other.log());
        }
        assertFalse(daemon.isAlive());
        assertFalse(Files.exists(directory));
    }

    @Test
    void aDaemonThatCannotStartIsReportedWithItsLog() {
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> LibvirtdRig.start(Map.of("max_clients", "\"many\"")));

        assertTrue(e.getMessage().startsWith("libvirtd ended by itself"), e.getMessage());
        assertTrue(e.getMessage().contains("max_clients"), e.getMessage());
    }

    private Domain boot(Guest guest) throws Exception {
        Domain domain = connect.domainCreateXML(guest.xml(), 0);
        expectStarted(guest);
        awaitConsole(guest, Guest.BANNER);
        return domain;
    }

    /** What a guest does in its first moments overtakes the news of its start, unless it starts paused. */
    private Domain createPaused(Guest guest) throws Exception {
        Domain domain = connect.domainCreateXML(guest.xml(), START_PAUSED);
        events.expect(guest.name() + " STARTED (BOOTED)");
        events.expect(guest.name() + " SUSPENDED (PAUSED)");
        return domain;
    }

    private void resume(Domain domain, Guest guest) throws Exception {
        domain.resume();
        events.expect(guest.name() + " RESUMED (UNPAUSED)");
    }

    private void expectStarted(Guest guest) throws InterruptedException {
        events.expect(guest.name() + " RESUMED (UNPAUSED)");
        events.expect(guest.name() + " STARTED (BOOTED)");
    }

    private static void awaitConsole(Guest guest, String text) throws Exception {
        Await.until(guest + " prints: " + text, BOUND, () -> guest.consoleLog().contains(text));
    }

    private static void type(FileChannel console, String text) throws Exception {
        console.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String commandLineOf(long pid) throws Exception {
        return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.UTF_8);
    }

    private static void measured(String what, long fromNanos, long toNanos) {
        System.out.printf("libvirtd rig: %-45s %8.1f ms%n", what, (toNanos - fromNanos) / 1e6);
    }
}
