package io.osevent.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.osevent.shim.Seam;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.stubbing.Answer;

/** The C functions that libxl is given, called through its own structures as C calls them. */
class NativeCallbacksTest {
    private static final long USER = Long.MAX_VALUE;
    private static final long NOBODY = USER - 1;
    private static final long OUT = 0x5000;
    private static final long TOKEN = 0x6000;
    private static final long FOR_LIBXL = 0x7000;
    private static final long SECONDS = 1_700_000_000L;
    private static final long MICROS = 999_999;
    private static final int FD = 7;
    private static final short POLLIN = 1;
    private static final int REFUSED = 5;

    private final LibxlCtx context = mock();
    private final OseventHooks hooks = mock();
    private final CallIns callIns = new CallIns(mock(Seam.class), HookObserver.NONE, "a context", 1, 2, mock());
    private int insideHook;

    /** As a host that does what it must not: it calls libxl, which asserts that nobody does. */
    private final Answer<Object> callsLibxl = call -> {
        assertThrows(IllegalStateException.class, () -> callIns.occurredFd(TOKEN, FOR_LIBXL, FD, POLLIN, POLLIN));
        insideHook++;
        return call.getMethod().getReturnType() == int.class ? REFUSED : null;
    };

    @BeforeEach
    void put() {
        when(context.hooks()).thenReturn(hooks);
        NativeCallbacks.put(USER, context);
    }

    @AfterEach
    void remove() {
        NativeCallbacks.remove(USER);
        callIns.check("it would be refused if a hook had left its mark");
    }

    private static Function member(Memory structure, int index) {
        return Function.getFunction(new Pointer(structure.getLong((long) index * Long.BYTES)));
    }

    @Test
    void eachHookGetsItsArgumentsAndIsNoPlaceToCallLibxlFrom() {
        when(hooks.fdRegister(FD, OUT, POLLIN, FOR_LIBXL)).then(callsLibxl);
        when(hooks.fdModify(FD, OUT, POLLIN)).then(callsLibxl);
        doAnswer(callsLibxl).when(hooks).fdDeregister(FD, TOKEN);
        when(hooks.timeoutRegister(OUT, SECONDS, MICROS, FOR_LIBXL)).then(callsLibxl);
        when(hooks.timeoutModify(OUT, 0, 0)).then(callsLibxl);
        doAnswer(callsLibxl).when(hooks).timeoutDeregister(TOKEN);

        Memory six = NativeCallbacks.OSEVENT_HOOKS;
        assertEquals(REFUSED, member(six, 0).invokeInt(new Object[] {USER, FD, OUT, POLLIN, FOR_LIBXL}));
        assertEquals(REFUSED, member(six, 1).invokeInt(new Object[] {USER, FD, OUT, POLLIN}));
        member(six, 2).invokeVoid(new Object[] {USER, FD, TOKEN});
        // A struct timeval by value is two words
        assertEquals(REFUSED, member(six, 3).invokeInt(new Object[] {USER, OUT, SECONDS, MICROS, FOR_LIBXL}));
        assertEquals(REFUSED, member(six, 4).invokeInt(new Object[] {USER, OUT, 0L, 0L}));
        member(six, 5).invokeVoid(new Object[] {USER, TOKEN});
        assertEquals(6, insideHook);
    }

    @Test
    void disasterIsNoPlaceToCallLibxlFromButAnEventIs() {
        doAnswer(callsLibxl).when(context).disaster(1, 2, 3);
        doAnswer(call -> callIns.check("libxl_event_to_json")).when(context).eventOccurs(4);
        member(NativeCallbacks.EVENT_HOOKS, 2).invokeVoid(new Object[] {USER, 1, 2L, 3});
        assertEquals(1, insideHook);
        member(NativeCallbacks.EVENT_HOOKS, 1).invokeVoid(new Object[] {USER, 4L});
        verify(context).eventOccurs(4);
    }

    /** None that is left out of the mask would reach anybody: nobody asks libxl for its queue. */
    @Test
    void everyEventIsAskedFor() {
        assertEquals(-1L, NativeCallbacks.EVENT_HOOKS.getLong(0));
    }

    /** Others reap the children of the whole process, which {@code java.lang.Process} waits for. */
    @Test
    void childrenAreReapedSelectively() {
        int selectiveReap = 3;
        assertEquals(selectiveReap, NativeCallbacks.CHILDPROC_HOOKS.getInt(0));
        assertEquals(0, NativeCallbacks.CHILDPROC_HOOKS.getLong(Long.BYTES), "libxl forks by itself");
        assertEquals(0, NativeCallbacks.CHILDPROC_HOOKS.getLong(2L * Long.BYTES), "and tells nobody what it reaped");
    }

    @Test
    void aContextThatHasGoneIsToldNothing() {
        assertEquals(
                LibxlException.OSEVENT_REG_FAIL,
                member(NativeCallbacks.OSEVENT_HOOKS, 0).invokeInt(new Object[] {NOBODY, FD, OUT, POLLIN, FOR_LIBXL}));
        member(NativeCallbacks.EVENT_HOOKS, 1).invokeVoid(new Object[] {NOBODY, 4L});
        verify(hooks, never()).fdRegister(anyInt(), anyLong(), anyInt(), anyLong());
        verify(context, never()).eventOccurs(anyLong());
    }
}
