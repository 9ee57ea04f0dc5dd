package io.osevent.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.bridge.Harvest;
import io.osevent.bridge.Interest;
import io.osevent.bridge.NativePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every seam owes the core as its {@link NativePort}; see {@link SeamCallsContractTest} for the calls into C. */
public abstract class SeamContractTest {
    private static final int EPERM = -1;
    private static final int ENOENT = -2;
    private static final int EBADF = -9;
    private static final int EEXIST = -17;
    private static final int EINVAL = -22;

    private static final int BOUND_MILLIS = 10_000;
    private static final long TAG = 0xFEDC_BA98_7654_3210L;

    private final List<Integer> opened = new ArrayList<>();
    private Seam seam;
    private int set;
    private Harvest harvest;

    /** The seam under test. */
    protected abstract Seam seam();

    @BeforeEach
    void makeSet() {
        seam = seam();
        set = opened(seam.createSet());
        harvest = seam.newHarvest(8);
    }

    @AfterEach
    void closeAll() {
        opened.forEach(seam::close);
    }

    private int opened(int fd) {
        assertTrue(fd >= 0, () -> "errno " + -fd);
        opened.add(fd);
        return fd;
    }

    private int closedNumber() {
        int fd = NativeFds.event(0);
        NativeFds.shut(fd);
        return fd;
    }

    @Test
    void setsAndTimersAreClosedOnExec() throws IOException {
        for (int fd : new int[] {set, opened(seam.createTimer())}) {
            String flags = Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).stream()
                    .filter(line -> line.startsWith("flags:"))
                    .findFirst()
                    .orElseThrow();
            assertNotEquals(0, Integer.parseInt(flags.substring(6).strip(), 8) & 0x80000, flags);
        }
    }

    @Test
    void closeReturnsTheNumberToTheKernel() throws IOException {
        long before = NativeFds.openCount();
        int fd = seam.createSet();
        int timer = seam.createTimer();
        assertEquals(before + 2, NativeFds.openCount());
        assertEquals(0, seam.close(fd));
        assertEquals(0, seam.close(timer));
        assertEquals(before, NativeFds.openCount());
        assertEquals(EBADF, seam.close(fd));
    }

    @Test
    void controlNamesTheErrno(@TempDir Path directory) throws IOException {
        int fd = opened(NativeFds.event(0));
        int file = opened(NativeFds.open(Files.createFile(directory.resolve("regular"))));

        assertEquals(ENOENT, seam.control(set, NativePort.CTL_MOD, fd, Interest.READABLE, 1));
        assertEquals(ENOENT, seam.control(set, NativePort.CTL_DEL, fd, 0, 0));
        assertEquals(0, seam.control(set, NativePort.CTL_ADD, fd, Interest.READABLE, 1));
        assertEquals(EEXIST, seam.control(set, NativePort.CTL_ADD, fd, Interest.READABLE, 1));
        assertEquals(0, seam.control(set, NativePort.CTL_DEL, fd, 0, 0));
        assertEquals(EPERM, seam.control(set, NativePort.CTL_ADD, file, Interest.READABLE, 1));
        assertEquals(EBADF, seam.control(set, NativePort.CTL_ADD, closedNumber(), Interest.READABLE, 1));
        assertEquals(EBADF, seam.control(closedNumber(), NativePort.CTL_ADD, fd, Interest.READABLE, 1));
        assertEquals(EINVAL, seam.control(fd, NativePort.CTL_ADD, set, Interest.READABLE, 1));
    }

    @Test
    void awaitNamesTheErrno() {
        assertEquals(EBADF, seam.await(closedNumber(), harvest, 1, 0));
        assertEquals(EINVAL, seam.await(opened(NativeFds.event(0)), harvest, 1, 0));
        assertEquals(EINVAL, seam.await(set, harvest, 0, 0));
    }

    @Test
    void anEmptySetHasNothing() {
        assertEquals(0, seam.await(set, harvest, 8, 0));
        assertEquals(0, seam.await(set, harvest, 8, 1));
    }

    @Test
    void tagAndEventsComeBackWhole() {
        int fd = opened(NativeFds.event(1));
        assertEquals(0, seam.control(set, NativePort.CTL_ADD, fd, Interest.READABLE | Interest.WRITABLE, TAG));
        assertEquals(1, seam.await(set, harvest, 8, 0));
        assertEquals(TAG, harvest.tag(0));
        assertEquals(Interest.READABLE | Interest.WRITABLE, harvest.events(0));
    }

    @Test
    void everyEventOfAHarvestHasItsPlace() {
        Map<Long, Integer> expected = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            int events = i % 2 == 0 ? Interest.READABLE : Interest.WRITABLE;
            int fd = opened(NativeFds.event(1));
            assertEquals(0, seam.control(set, NativePort.CTL_ADD, fd, events, TAG + i));
            expected.put(TAG + i, events);
        }
        assertEquals(8, seam.await(set, harvest, 8, 0));
        Map<Long, Integer> found = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            found.put(harvest.tag(i), harvest.events(i));
        }
        assertEquals(expected, found);
    }

    @Test
    void awaitTakesNoMoreThanAskedFor() {
        for (int i = 0; i < 8; i++) {
            seam.control(set, NativePort.CTL_ADD, opened(NativeFds.event(1)), Interest.READABLE, i);
        }
        assertEquals(3, seam.await(set, harvest, 3, 0));
    }

    @Test
    void aChangedMaskCarriesItsNewTag() {
        int fd = opened(NativeFds.event(1));
        seam.control(set, NativePort.CTL_ADD, fd, Interest.READABLE, 1);
        assertEquals(0, seam.control(set, NativePort.CTL_MOD, fd, Interest.WRITABLE, 2));
        assertEquals(1, seam.await(set, harvest, 8, 0));
        assertEquals(2, harvest.tag(0));
        assertEquals(Interest.WRITABLE, harvest.events(0));
    }

    @Test
    void aPausedEntryIsSilentUntilResumed() {
        int fd = opened(NativeFds.event(1));
        seam.control(set, NativePort.CTL_ADD, fd, Interest.READABLE, 1);
        assertEquals(0, seam.control(set, NativePort.CTL_MOD, fd, NativePort.ONESHOT, 1));
        assertEquals(0, seam.await(set, harvest, 8, 0));
        assertEquals(0, seam.control(set, NativePort.CTL_MOD, fd, Interest.READABLE, 1));
        assertEquals(1, seam.await(set, harvest, 8, 0));
    }

    @Test
    void aPausedEntryHangsUpOnceAtMost() {
        int[] ends = NativeFds.pipe();
        opened(ends[0]);
        seam.control(set, NativePort.CTL_ADD, ends[0], NativePort.ONESHOT, 1);
        NativeFds.shut(ends[1]);
        assertEquals(1, seam.await(set, harvest, 8, 0));
        assertEquals(Interest.HANGUP, harvest.events(0));
        assertEquals(0, seam.await(set, harvest, 8, 0));
        seam.control(set, NativePort.CTL_MOD, ends[0], Interest.READABLE, 1);
        assertEquals(1, seam.await(set, harvest, 8, 0));
        assertEquals(1, seam.await(set, harvest, 8, 0));
    }

    private int watchedTimer() {
        int timer = opened(seam.createTimer());
        assertEquals(0, seam.control(set, NativePort.CTL_ADD, timer, Interest.READABLE, TAG));
        return timer;
    }

    @Test
    void aTimerFiresOnceAndStaysSoUntilArmedAgain() {
        int timer = watchedTimer();
        assertEquals(0, seam.await(set, harvest, 8, 0));
        assertEquals(0, seam.armTimer(timer, 1));
        assertEquals(1, seam.await(set, harvest, 8, BOUND_MILLIS));
        assertEquals(TAG, harvest.tag(0));
        assertEquals(1, seam.await(set, harvest, 8, 0));

        assertEquals(0, seam.armTimer(timer, TimeUnit.HOURS.toNanos(1)));
        assertEquals(0, seam.await(set, harvest, 8, 0), "arming clears");
        assertEquals(0, seam.armTimer(timer, 1));
        assertEquals(1, seam.await(set, harvest, 8, BOUND_MILLIS));
        assertEquals(0, seam.armTimer(timer, 0));
        assertEquals(0, seam.await(set, harvest, 8, 0), "disarming clears");
    }

    @Test
    void aTimerIsNeverEarly() {
        int timer = watchedTimer();
        for (long delay : new long[] {1, 999, 250_000, 20_000_000, 1_000_000_001}) {
            long start = seam.nanoTime();
            assertEquals(0, seam.armTimer(timer, delay));
            assertEquals(1, seam.await(set, harvest, 8, BOUND_MILLIS));
            assertTrue(seam.nanoTime() - start >= delay, () -> "early at " + delay);
        }
    }

    @Test
    void armTimerNamesTheErrno() {
        int timer = watchedTimer();
        assertEquals(0, seam.armTimer(timer, Long.MAX_VALUE));
        assertEquals(EINVAL, seam.armTimer(timer, -1));
        assertEquals(EINVAL, seam.armTimer(set, 1));
        assertEquals(EBADF, seam.armTimer(closedNumber(), 1));
    }

    @Test
    void aSleepingWaitSeesWhatOtherThreadsChange() throws Exception {
        int fd = opened(NativeFds.event(1));
        CompletableFuture<Integer> waiting = Background.supply(() -> seam.await(set, harvest, 8, -1));
        assertEquals(0, seam.control(set, NativePort.CTL_ADD, fd, Interest.READABLE, TAG));
        assertEquals(1, waiting.get(BOUND_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** A stop and a continuation interrupt epoll_wait whatever handlers are installed (signal(7)). */
    @Test
    void anInterruptedWaitFoundNothing() throws Exception {
        CompletableFuture<Integer> waiting = Background.supply(() -> seam.await(set, harvest, 8, -1));
        long pid = ProcessHandle.current().pid();
        Integer result = null;
        for (int attempt = 0; result == null && attempt < 100; attempt++) {
            new ProcessBuilder("sh", "-c", "kill -STOP " + pid + "; kill -CONT " + pid)
                    .start()
                    .waitFor(BOUND_MILLIS, TimeUnit.MILLISECONDS);
            result = within(waiting, 100);
        }
        assertEquals(0, result);
    }

    private static Integer within(CompletableFuture<Integer> future, int millis)
            throws InterruptedException, ExecutionException {
        try {
            return future.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        }
    }

    @Test
    void theKernelPathAllocatesNothing() {
        int fd = opened(NativeFds.event(1));
        int timer = opened(seam.createTimer());
        seam.control(set, NativePort.CTL_ADD, fd, Interest.READABLE, TAG);
        int closed = closedNumber();
        Garbage.assertNone(() -> {
            seam.control(set, NativePort.CTL_MOD, fd, Interest.READABLE, TAG);
            seam.control(set, NativePort.CTL_MOD, closed, Interest.READABLE, TAG);
            seam.armTimer(timer, TimeUnit.HOURS.toNanos(1));
            if (seam.await(set, harvest, 8, 0) != 1 || harvest.tag(0) != TAG) {
                throw new AssertionError("nothing found");
            }
        });
    }
}
