package io.osevent.bridge;

import static io.osevent.bridge.Interest.READABLE;
import static io.osevent.bridge.Interest.WRITABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * libev 3.48, "generation counts" (2008): descriptor 7 is registered; a copy of its open file survives elsewhere; 7 is
 * closed, and a new socket gets the number 7; the old file becomes ready. The kernel reports it under the old tag, and it
 * can no longer be removed.
 *
 * <p>Here: a tag is slot and generation; an event of another generation is dropped; and a tag that persists makes the set
 * be built anew from what is registered.
 */
class LibevGenerationCountTest {
    private static final int BOUND_ON_WAKE_UPS = 4;

    private static int scenarios;

    @AfterAll
    static void log() {
        ProofLog.held("replay-libev-generation-count", "replay", scenarios, "schedules");
    }

    @Test
    void theKernelBehavesAsTheFailureNeeds() {
        SimKernel kernel = new SimKernel();
        int set = kernel.createSet();
        int fd = kernel.open();
        kernel.control(set, NativePort.CTL_ADD, fd, READABLE, 1);
        int copy = kernel.dup(fd);
        kernel.close(fd);
        assertEquals(-Errno.EBADF, kernel.control(set, NativePort.CTL_DEL, fd, 0, 0));
        assertEquals(fd, kernel.open());
        assertEquals(-Errno.ENOENT, kernel.control(set, NativePort.CTL_DEL, fd, 0, 0));
        assertEquals(-Errno.ENOENT, kernel.control(set, NativePort.CTL_MOD, fd, READABLE, 2));
        assertEquals(0, kernel.control(set, NativePort.CTL_ADD, fd, READABLE, 2));
        kernel.ready(copy, READABLE);
        Harvest harvest = kernel.newHarvest(8);
        for (int i = 0; i < 3; i++) {
            assertEquals(1, kernel.await(set, harvest, 8, 0));
            assertEquals(1, harvest.tag(0), "the old tag keeps reporting");
        }
    }

    @Test
    void aReusedNumberBesideASurvivingCopy() {
        for (int reuses = 1; reuses <= 6; reuses++) {
            reusedNumber(new CoreFixture(), reuses);
        }
    }

    @Test
    void theSameWhenTheOldRegistrationWasRemovedInTime() {
        for (boolean removedFirst : new boolean[] {false, true}) {
            CoreFixture core = new CoreFixture();
            int fd = core.kernel.open();
            RecordedFd old = core.fd("old", fd, READABLE);
            int copy = core.kernel.dup(fd);
            if (removedFirst) {
                core.set.remove(old);
            }
            core.kernel.close(fd);
            if (!removedFirst) {
                core.set.remove(old);
            }
            assertEquals(fd, core.kernel.open());
            RecordedFd young = core.fd("young", fd, READABLE);
            core.kernel.ready(copy, READABLE);
            core.host.settle(BOUND_ON_WAKE_UPS);
            assertEquals(0, young.calls());
            assertEquals(removedFirst ? 0 : 1, core.set.stats().rebuilds(), "only where the file cannot be removed");
            scenarios++;
        }
    }

    @Test
    void everyLiveInterestSurvivesTheRebuild() {
        CoreFixture core = new CoreFixture();
        List<RecordedFd> live = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RecordedFd fd = core.fd("live" + i, core.kernel.open(), i % 2 == 0 ? READABLE : READABLE | WRITABLE);
            live.add(fd.does(bits -> core.kernel.ready(fd.fd(), 0)));
        }
        RecordedFd silent = core.fd("silent", core.kernel.open(), 0);
        RecordedFd regular = core.fd("regular", core.kernel.openRegular(), 0);
        String before = core.kernel.describe(core.set.backSet());
        int zombie = core.kernel.open();
        RecordedFd closed = core.fd("closed too early", zombie, READABLE);
        core.kernel.ready(core.kernel.dup(zombie), READABLE);
        core.kernel.ready(zombie, READABLE);
        core.kernel.close(zombie);
        core.set.remove(closed);
        core.host.settle(BOUND_ON_WAKE_UPS);
        assertEquals(1, core.set.stats().rebuilds());
        assertEquals(before, core.kernel.describe(core.set.backSet()), "numbers, masks and tags as before");
        live.forEach(fd -> core.kernel.ready(fd.fd(), READABLE));
        core.host.settle(BOUND_ON_WAKE_UPS);
        live.forEach(fd -> assertEquals(List.of(READABLE), fd.events()));
        silent.does(bits -> core.kernel.ready(silent.fd(), 0));
        core.set.modify(silent, READABLE);
        core.set.modify(regular, WRITABLE);
        core.kernel.ready(silent.fd(), READABLE);
        core.host.step();
        assertEquals(List.of(READABLE), silent.events());
        assertEquals(List.of(WRITABLE), regular.events());
        scenarios++;
    }

    @Test
    void strangersAreNotCopiedIntoTheRebuiltSet() {
        CoreFixture core = new CoreFixture();
        int reused = core.kernel.open();
        RecordedFd unaware = core.fd("unaware", reused, READABLE);
        core.kernel.close(reused);
        assertEquals(reused, core.kernel.open());
        int zombie = core.kernel.open();
        RecordedFd closed = core.fd("closed too early", zombie, READABLE);
        core.kernel.ready(zombie, READABLE);
        core.kernel.dup(zombie);
        core.kernel.close(zombie);
        core.set.remove(closed);
        core.host.settle(BOUND_ON_WAKE_UPS);
        assertEquals("", core.kernel.describe(core.set.backSet()), "the stranger's file was not asked for");
        core.kernel.ready(reused, READABLE);
        core.host.settle(BOUND_ON_WAKE_UPS);
        assertEquals(0, unaware.calls());
        scenarios++;
    }

    @Test
    void aGenerationNeverWrapsSilently() {
        SlotTable slots = new SlotTable(3);
        CoreFixture core = new CoreFixture(TurnLimits.DEFAULT, slots, 3);
        int fd = core.kernel.open();
        Set<Long> tokens = new HashSet<>();
        Set<Long> tags = new HashSet<>();
        List<RecordedFd> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            RecordedFd a = core.fd("a" + i, fd, READABLE);
            all.add(a);
            assertTrue(tokens.add(a.token()), "a token names one registration for ever");
            assertTrue(tags.add(a.entry.view.tag()), "a tag names one entry for ever");
            core.set.remove(a);
            core.host.settle(3);
        }
        all.forEach(a -> assertNull(core.set.lookUp(a.token())));
        int retired = 0;
        for (int slot = 0; slot < slots.allocated(); slot++) {
            retired += StateWord.state(slots.word(slot)) == StateWord.RETIRED ? 1 : 0;
        }
        assertEquals(50 / 3, retired, "a saturated slot is not used again");
        scenarios++;
    }

    @Test
    void controlDescriptorAsTag() {
        Control.mustBeCaught("libev-fd-as-tag", "misdelivered", () -> reusedNumber(new CoreFixture(FdAsTag::new), 1));
    }

    @Test
    void controlIgnoreWithoutRebuild() {
        Control.mustBeCaught(
                "libev-no-rebuild", "wake-ups", () -> reusedNumber(new CoreFixture(WithoutRebuild::new), 1));
    }

    @Test
    void controlOneBitOfGeneration() {
        reusedNumber(new CoreFixture(OneBitGeneration::new), 1);
        Control.mustBeCaught("libev-one-bit-generation", "misdelivered", () -> {
            for (int reuses = 2; reuses <= 6; reuses++) {
                reusedNumber(new CoreFixture(OneBitGeneration::new), reuses);
            }
        });
    }

    /** The number is closed, opened and registered again so often; then the first file becomes ready. */
    private void reusedNumber(CoreFixture core, int reuses) {
        SimKernel kernel = core.kernel;
        int fd = kernel.open();
        RecordedFd registration = core.fd("first", fd, READABLE);
        int copy = kernel.dup(fd);
        List<RecordedFd> former = new ArrayList<>();
        for (int i = 0; i < reuses; i++) {
            former.add(registration);
            kernel.close(fd);
            assertEquals(fd, kernel.open());
            registration = core.fd("successor " + i, fd, READABLE);
            core.set.remove(former.get(i));
        }
        core.host.settle(2);
        RecordedFd young = registration;
        int before = core.host.turns();
        kernel.ready(copy, READABLE);
        for (int i = 0; i < 50; i++) {
            core.host.step();
        }
        assertEquals(0, young.calls(), "misdelivered to the number's new owner");
        former.forEach(r -> assertEquals(0, r.calls(), "delivered to one that has gone"));
        int wakeUps = core.host.turns() - before;
        assertTrue(wakeUps <= BOUND_ON_WAKE_UPS, wakeUps + " wake-ups for a file that nobody registered");
        young.does(bits -> kernel.ready(fd, 0));
        kernel.ready(fd, READABLE);
        core.host.settle(BOUND_ON_WAKE_UPS);
        assertEquals(List.of(READABLE), young.events(), "the new owner's interest survives");
        former.forEach(r -> assertEquals(1, r.frees()));
        assertFalse(core.host.step());
        scenarios++;
    }

    // ---- weakened variants ------------------------------------------------------------------------------------------

    /** The kernel holds the descriptor's number; whoever has it now is told. */
    private static final class FdAsTag extends ForwardingPort {
        private final Map<Long, Long> owners = new HashMap<>();

        FdAsTag(NativePort port) {
            super(port);
        }

        @Override
        public int control(int set, int operation, int fd, int events, long tag) {
            int result = super.control(set, operation, fd, events, fd);
            if (result == 0 && operation != CTL_DEL) {
                owners.put((long) fd, tag);
            }
            return result;
        }

        @Override
        public int await(int set, Harvest harvest, int max, int timeoutMillis) {
            int count = super.await(set, harvest, max, timeoutMillis);
            for (int i = 0; i < count; i++) {
                harvest.put(i, harvest.events(i), owners.get(harvest.tag(i)));
            }
            return count;
        }
    }

    /** The back set cannot be replaced. */
    private static final class WithoutRebuild extends ForwardingPort {
        private int sets;

        WithoutRebuild(NativePort port) {
            super(port);
        }

        @Override
        public int createSet() {
            // Front and back; no spare.
            return ++sets > 2 ? -Errno.EMFILE : super.createSet();
        }
    }

    /** The kernel holds the slot and one bit of the generation. */
    private static final class OneBitGeneration extends ForwardingPort {
        private final Map<Long, Long> owners = new HashMap<>();

        OneBitGeneration(NativePort port) {
            super(port);
        }

        private static long narrow(long tag) {
            return Token.of(Token.slot(tag), Token.generation(tag) & 1);
        }

        @Override
        public int control(int set, int operation, int fd, int events, long tag) {
            int result = super.control(set, operation, fd, events, narrow(tag));
            if (result == 0 && operation != CTL_DEL) {
                owners.put(narrow(tag), tag);
            }
            return result;
        }

        @Override
        public int await(int set, Harvest harvest, int max, int timeoutMillis) {
            int count = super.await(set, harvest, max, timeoutMillis);
            for (int i = 0; i < count; i++) {
                harvest.put(i, harvest.events(i), owners.get(harvest.tag(i)));
            }
            return count;
        }
    }
}
