package io.osevent.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import io.osevent.shim.Seam;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallInsTest {
    private static final long CTX = 0x1000;
    private static final long OCCURRED_FD = 0x2000;
    private static final long OCCURRED_TIMEOUT = 0x3000;
    private static final long FOR_LIBXL = 0x4000;
    private static final long TOKEN = 5;

    private final Seam seam = mock();
    private final CallIns.TimePasses time = mock();
    private final CallIns callIns =
            new CallIns(seam, HookObserver.NONE, "a context", OCCURRED_FD, OCCURRED_TIMEOUT, time);

    @BeforeEach
    void allocated() {
        callIns.allocated(CTX);
    }

    @Test
    void tellsLibxlOfTheTimeBeforeItGivesUpATimeoutThatHasExpired() {
        callIns.occurredTimeout(TOKEN, FOR_LIBXL, 12_000_034, new AtomicBoolean());
        var order = inOrder(time, seam);
        order.verify(time).until(CTX, 12, 34);
        order.verify(seam).occurredTimeout(OCCURRED_TIMEOUT, CTX, FOR_LIBXL);
    }

    /** Its deadline may be far away, and other timeouts before it. */
    @Test
    void letsNoTimePassForATimeoutThatWasModifiedToNow() {
        callIns.occurredTimeout(TOKEN, FOR_LIBXL, CallIns.SAID_NOW, new AtomicBoolean());
        verifyNoInteractions(time);
        verify(seam).occurredTimeout(OCCURRED_TIMEOUT, CTX, FOR_LIBXL);
    }

    @Test
    void refusesAndCountsASecondDelivery() {
        AtomicBoolean delivered = new AtomicBoolean(true);
        long before = LibxlCounters.now().timeoutTwice();
        assertThrows(
                IllegalStateException.class,
                () -> callIns.occurredTimeout(TOKEN, FOR_LIBXL, CallIns.SAID_NOW, delivered));
        assertEquals(before + 1, LibxlCounters.now().timeoutTwice());
        verifyNoInteractions(seam, time);
    }

    @Test
    void refusesAndCountsACallFromInsideAHook() {
        long before = LibxlCounters.now().insideHook();
        CallIns.enterHook();
        try {
            assertThrows(IllegalStateException.class, () -> callIns.occurredFd(TOKEN, FOR_LIBXL, 3, 1, 1));
            assertThrows(IllegalStateException.class, () -> callIns.check("libxl_list_domain"));
        } finally {
            CallIns.exitHook();
        }
        assertEquals(before + 2, LibxlCounters.now().insideHook());
        verify(seam, never()).occurredFd(anyLong(), anyLong(), anyLong(), anyInt(), anyInt(), anyInt());
        callIns.occurredFd(TOKEN, FOR_LIBXL, 3, 1, 1);
        verify(seam).occurredFd(OCCURRED_FD, CTX, FOR_LIBXL, 3, 1, 1);
    }

    @Test
    void refusesAndCountsACallAfterFree() {
        long before = LibxlCounters.now().afterFree();
        callIns.freed();
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> callIns.occurredTimeout(TOKEN, FOR_LIBXL, CallIns.SAID_NOW, new AtomicBoolean()));
        assertEquals(
                "a context: libxl_osevent_occurred_timeout was about to be called after libxl_ctx_free",
                refused.getMessage());
        assertEquals(before + 1, LibxlCounters.now().afterFree());
        verifyNoInteractions(seam, time);
    }
}
