package io.osevent.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.CallScope;
import io.osevent.bridge.Errno;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.Interest;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.Seam;
import io.osevent.shim.Seams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The hooks on the kernel itself, without libxl: each call as libxl makes it. The worker is the loop's own thread, so that
 * a descriptor which nobody reads is reported again and again in one turn.
 */
class OseventHooksTest {
    private static final int OK = 0;
    private static final long FOR_LIBXL = 0x4000;
    private static final long GARBAGE = 0xDEADBEEFL << 32 | 7;
    private static final long FAR = 4_000_000_000L;

    private final Seam seam = Seams.jna();
    private final EventSet set = EventSet.open(seam, TurnLimits.DEFAULT, BridgeMetrics.NONE);
    private final NativeContext context =
            NativeContext.onWorker(set, "libxl context under test", Runnable::run, CallScope.PLAIN);
    private final CallIns callIns = mock();
    private final OseventHooks hooks = new OseventHooks(context, callIns, HookObserver.NONE);
    private final Memory cookie = new Memory(Long.BYTES);

    /** A timer of the kernel serves as a descriptor that becomes ready when it is told to. */
    private final int fd = seam.createTimer();

    @AfterEach
    void close() {
        set.close();
        seam.close(fd);
    }

    private long at() {
        return Pointer.nativeValue(cookie);
    }

    private long register(int number, int events) {
        // A recycled nexus shows the former cookie: it must not be looked at
        cookie.setLong(0, GARBAGE);
        assertEquals(OK, hooks.fdRegister(number, at(), events, FOR_LIBXL));
        assertNotEquals(GARBAGE, cookie.getLong(0));
        return cookie.getLong(0);
    }

    private long registerTimeout(long seconds) {
        cookie.setLong(0, GARBAGE);
        assertEquals(OK, hooks.timeoutRegister(at(), seconds, 0, FOR_LIBXL));
        return cookie.getLong(0);
    }

    private void turn() {
        set.turn().run(CallScope.PLAIN);
    }

    private void makeReady() {
        seam.armTimer(fd, 1);
        var harvest = seam.newHarvest(1);
        int own = seam.createSet();
        seam.control(own, io.osevent.bridge.NativePort.CTL_ADD, fd, Interest.READABLE, 1);
        assertEquals(1, seam.await(own, harvest, 1, 5000), "the kernel's timer has run out");
        seam.close(own);
    }

    @Test
    void callsInWithWhatLibxlGave() {
        long token = register(fd, Interest.READABLE);
        makeReady();
        turn();
        verify(callIns, atLeastOnce()).occurredFd(token, FOR_LIBXL, fd, Interest.READABLE, Interest.READABLE);
    }

    @Test
    void registersOneDescriptorSeveralTimesAndReportsEach() {
        long first = register(fd, Interest.READABLE);
        long second = register(fd, Interest.READABLE | Interest.URGENT);
        assertNotEquals(first, second);
        makeReady();
        turn();
        verify(callIns, atLeastOnce())
                .occurredFd(eq(first), anyLong(), eq(fd), eq(Interest.READABLE), eq(Interest.READABLE));
        verify(callIns, atLeastOnce())
                .occurredFd(
                        eq(second), anyLong(), eq(fd), eq(Interest.READABLE | Interest.URGENT), eq(Interest.READABLE));
    }

    @Test
    void aRegistrationWithoutEventsIsSilentUntilItIsModified() {
        long token = register(fd, 0);
        makeReady();
        turn();
        verifyNoInteractions(callIns);
        cookie.setLong(0, token);
        assertEquals(OK, hooks.fdModify(fd, at(), Interest.READABLE));
        assertEquals(token, cookie.getLong(0), "the cookie stays");
        turn();
        verify(callIns, atLeastOnce()).occurredFd(token, FOR_LIBXL, fd, Interest.READABLE, Interest.READABLE);
    }

    @Test
    void aFailedRegisterLeavesNothingAndTellsTheErrorNumber() {
        cookie.setLong(0, GARBAGE);
        assertEquals(Errno.EBADF, hooks.fdRegister(987_654, at(), Interest.READABLE, FOR_LIBXL));
        assertEquals(GARBAGE, cookie.getLong(0));
        assertEquals(0, set.stats().fds());
    }

    @Test
    void theDescriptorMayBeClosedAsSoonAsDeregisterHasReturned() {
        long token = register(fd, Interest.READABLE);
        makeReady();
        hooks.fdDeregister(fd, token);
        turn();
        verifyNoInteractions(callIns);
        assertEquals(0, set.stats().fds());
    }

    @Test
    void refusesWhatNamesNothingOrSomethingElse() {
        long token = register(fd, Interest.READABLE);
        long timeout = registerTimeout(FAR);
        for (long wrong : new long[] {GARBAGE, 0, timeout}) {
            cookie.setLong(0, wrong);
            assertEquals(LibxlException.OSEVENT_REG_FAIL, hooks.fdModify(fd, at(), 0));
            hooks.fdDeregister(fd, wrong);
        }
        cookie.setLong(0, token);
        assertEquals(LibxlException.OSEVENT_REG_FAIL, hooks.fdModify(fd + 1, at(), 0));
        hooks.fdDeregister(fd + 1, token);
        OseventHooks others = new OseventHooks(
                NativeContext.onWorker(set, "another", Runnable::run, CallScope.PLAIN), callIns, HookObserver.NONE);
        others.fdDeregister(fd, token);
        assertEquals(1, set.stats().fds(), "it is still there");
        assertEquals(1, set.stats().timeouts());
    }

    @Test
    void aRegularFileIsAlwaysReady() throws IOException {
        Path file = Files.createTempFile("osevent", null);
        try (var opened = new java.io.RandomAccessFile(file.toFile(), "r")) {
            int number = numberOf(file);
            long token = register(number, Interest.WRITABLE);
            turn();
            verify(callIns, atLeastOnce()).occurredFd(token, FOR_LIBXL, number, Interest.WRITABLE, Interest.WRITABLE);
            assertEquals(0, opened.length());
        } finally {
            Files.delete(file);
        }
    }

    private static int numberOf(Path file) throws IOException {
        try (var fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).equals(file.toRealPath());
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .map(link -> Integer.parseInt(link.getFileName().toString()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void modifyToNowDeliversOnceHoweverOftenItIsSaid() {
        long token = registerTimeout(FAR);
        cookie.setLong(0, token);
        assertEquals(OK, hooks.timeoutModify(at(), 0, 0));
        assertEquals(OK, hooks.timeoutModify(at(), 0, 0));
        verifyNoInteractions(callIns);
        turn();
        turn();
        verify(callIns, times(1)).occurredTimeout(eq(token), eq(FOR_LIBXL), eq(CallIns.SAID_NOW), any());
        // Late: it was taken
        assertEquals(OK, hooks.timeoutModify(at(), 0, 0));
        turn();
        verify(callIns, times(1)).occurredTimeout(anyLong(), anyLong(), anyLong(), any());
        assertNull(set.lookUp(token));
    }

    @Test
    void aDeadlineInThePastIsDueAtOnceAndKeepsItsTime() {
        long token = registerTimeout(12);
        turn();
        verify(callIns).occurredTimeout(eq(token), eq(FOR_LIBXL), eq(12_000_000L), any());
    }

    @Test
    void modifyToAnotherTimeIsABreachThatChangesNothing() {
        long token = registerTimeout(FAR);
        cookie.setLong(0, token);
        assertEquals(LibxlException.OSEVENT_REG_FAIL, hooks.timeoutModify(at(), 5, 0));
        turn();
        verifyNoInteractions(callIns);
        assertEquals(1, set.stats().timeouts());
    }

    @Test
    void absurdDeadlinesAreFarAway() {
        for (long seconds : new long[] {Long.MAX_VALUE, Long.MAX_VALUE / 1_000_000 + 1}) {
            registerTimeout(seconds);
        }
        turn();
        verifyNoInteractions(callIns);
    }

    @Test
    void timeoutDeregisterDoesWhatItSaysThoughItIsNeverCalled() {
        long token = registerTimeout(FAR);
        assertSame(context, set.lookUp(token).context());
        hooks.timeoutDeregister(token);
        assertEquals(0, set.stats().timeouts());
    }
}
