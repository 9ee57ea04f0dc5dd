package io.osevent.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.Mockito.mock;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hooks that fail say so with a value: to C, an exception would be a 0, and 0 is success. */
class FailingHooksTest {
    private static final int OK = 0;

    private final Seam seam = Seams.jna();
    private final EventSet set = EventSet.open(seam, TurnLimits.DEFAULT, BridgeMetrics.NONE);
    private final NativeContext context = NativeContext.onWorker(set, "a context", Runnable::run, CallScope.PLAIN);
    private final CallIns callIns = mock();
    private final OseventHooks hooks = new OseventHooks(context, callIns, HookObserver.NONE);
    private final Memory cookie = new Memory(Long.BYTES);
    private final int fd = seam.createTimer();

    @AfterEach
    void close() {
        set.close();
    }

    /** Other code has closed what is libxl's. */
    @Test
    void aRefusedModifyTellsTheErrorNumberAndTheCookieStays() {
        long at = Pointer.nativeValue(cookie);
        assertEquals(OK, hooks.fdRegister(fd, at, Interest.READABLE, 1));
        long token = cookie.getLong(0);
        seam.close(fd);

        assertEquals(Errno.EBADF, hooks.fdModify(fd, at, Interest.READABLE | Interest.WRITABLE));
        assertEquals(token, cookie.getLong(0));

        // libxl knows it still, and gives it up in the end, perhaps after the number has a new owner
        int stranger = seam.createTimer();
        assertEquals(fd, stranger, "the kernel gives the lowest number");
        seam.armTimer(stranger, 1);
        hooks.fdDeregister(fd, token);
        assertEquals(0, set.stats().fds());
        set.turn().run(CallScope.PLAIN);
        verifyNoInteractions(callIns);
        seam.close(stranger);
    }

    @Test
    void whatIsThrownInsideOneIsAFailureToLibxl() {
        HookObserver throwing = mock(call -> {
            throw new StackOverflowError();
        });
        OseventHooks failing = new OseventHooks(context, callIns, throwing);
        long at = Pointer.nativeValue(cookie);
        int failed = LibxlException.OSEVENT_REG_FAIL;
        assertEquals(failed, failing.fdRegister(fd, at, Interest.READABLE, 1));
        assertEquals(failed, failing.fdModify(fd, at, Interest.WRITABLE));
        failing.fdDeregister(fd, cookie.getLong(0));
        assertEquals(failed, failing.timeoutRegister(at, 1, 0, 1));
        assertEquals(failed, failing.timeoutModify(at, 0, 0));
        failing.timeoutDeregister(cookie.getLong(0));
        seam.close(fd);
    }
}
