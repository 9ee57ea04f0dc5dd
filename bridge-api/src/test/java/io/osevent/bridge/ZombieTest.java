package io.osevent.bridge;

import static io.osevent.bridge.Interest.READABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.junit.jupiter.api.Test;

/**
 * A zombie is a file that stays in the kernel's set though its number is closed. The set is rebuilt exactly when one
 * shows itself: not for ordinary removals, however many, and always for zombies, however many.
 */
class ZombieTest {
    private final CoreFixture core = new CoreFixture();
    private final SimKernel kernel = core.kernel;
    private final EventSet set = core.set;
    private final Turn turn = set.turn();

    @Test
    void moreZombiesThanAnyMemoryHoldsAreGoneAfterOneRebuild() {
        int many = 500;
        RecordedFd live = core.fd("live", kernel.open(), READABLE);
        live.does(bits -> kernel.ready(live.fd(), 0));
        for (int i = 0; i < many; i++) {
            zombie();
        }
        core.host.step();
        assertEquals(1, set.stats().rebuilds());
        core.host.settle(1 + many / TurnLimits.DEFAULT.finalizers());
        assertFalse(core.host.step(), "nothing wakes the loop any more");
        assertEquals(1, set.stats().rebuilds());
        kernel.ready(live.fd(), READABLE);
        core.host.settle(3);
        assertEquals(1, live.calls());
    }

    @Test
    void oneHarvestFullOfZombiesIsOneRebuild() {
        for (int i = 0; i < TurnLimits.DEFAULT.harvest(); i++) {
            zombie();
        }
        core.host.step();
        assertEquals(1, set.stats().rebuilds());
    }

    @Test
    void aTagIsKnownBeforeTheKernelCanReportIt() {
        int fd = kernel.open();
        kernel.ready(fd, READABLE);
        for (String name : new String[] {"first", "further"}) {
            // The loop harvests and looks up inside the add, right after its epoll_ctl.
            kernel.afterControl(() -> {
                assertEquals(1, turn.harvest(8));
                assertNotNull(turn.entry(0), name);
            });
            core.fd(name, fd, READABLE);
        }
        kernel.afterControl(() -> {});
        assertEquals(0, set.stats().staleTags());
    }

    @Test
    void aSlotWhoseTagsChangeAllTheTimeHidesNoZombie() {
        zombie();
        int fd = kernel.open();
        kernel.ready(fd, READABLE);
        RecordedFd first = core.fd("first", fd, READABLE);
        assertEquals(2, turn.harvest(8));
        RecordedFd second = core.fd("second", fd, READABLE);
        RecordedFd third = core.fd("third", fd, READABLE);
        turn.entry(1);
        assertEquals(0, set.stats().rebuilds(), "the first registration's tag went stale after this harvest");
        turn.entry(0);
        assertEquals(1, set.stats().rebuilds(), "the zombie's went stale before");
        set.remove(first);
        set.remove(second);
        set.remove(third);
    }

    /** A ready file that is in the kernel's set under a number that is closed. */
    private void zombie() {
        int fd = kernel.open();
        RecordedFd registration = core.fd("closed too early", fd, READABLE);
        kernel.ready(fd, READABLE);
        kernel.dup(fd);
        kernel.close(fd);
        set.remove(registration);
    }
}
