package io.osevent.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.CallScope;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.Interest;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.Seam;
import io.osevent.shim.Seams;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an observer throws changes nothing of what libxl is told. */
class GuardedObserverTest {
    private static final int OK = 0;
    private static final long FOR_LIBXL = 0x4000;
    private static final long FAR = 4_000_000_000L;

    private final TreeSet<String> thrown = new TreeSet<>();
    private final HookObserver throwing = (HookObserver) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {HookObserver.class}, (proxy, method, arguments) -> {
                thrown.add(method.getName());
                throw new IllegalStateException("from " + method.getName());
            });

    private final Seam port = Seams.jna();
    private final Seam seam = mock();
    private final EventSet set = EventSet.open(port, TurnLimits.DEFAULT, BridgeMetrics.NONE);
    private final NativeContext context =
            NativeContext.onWorker(set, "libxl context under test", Runnable::run, CallScope.PLAIN);
    private final CallIns callIns = new CallIns(seam, GuardedObserver.of(throwing), "a context", 1, 2, mock());
    private final OseventHooks hooks = new OseventHooks(context, callIns, GuardedObserver.of(throwing));
    private final Memory cookie = new Memory(Long.BYTES);
    private final int fd = port.createTimer();

    @AfterEach
    void close() {
        set.close();
        port.close(fd);
    }

    /** libxl gives up the memory behind a registration that was refused: it must not be left in the set. */
    @Test
    void whatHooksAnswerIsWhatHasHappened() {
        long at = Pointer.nativeValue(cookie);
        assertEquals(OK, hooks.fdRegister(fd, at, Interest.READABLE, FOR_LIBXL));
        assertNotNull(set.lookUp(cookie.getLong(0)));
        assertEquals(OK, hooks.fdModify(fd, at, 0));
        hooks.fdDeregister(fd, cookie.getLong(0));
        assertEquals(OK, hooks.timeoutRegister(at, FAR, 0, FOR_LIBXL));
        long timeout = cookie.getLong(0);
        assertNotNull(set.lookUp(timeout));
        assertEquals(OK, hooks.timeoutModify(at, 0, 0));
        set.turn().run(CallScope.PLAIN);
        verify(seam).occurredTimeout(2, 0, FOR_LIBXL);
        set.turn().run(CallScope.PLAIN);
        assertNull(set.lookUp(timeout));
    }

    @Test
    void aCallInIsMade() {
        callIns.occurredFd(5, FOR_LIBXL, 3, 1, 1);
        verify(seam).occurredFd(1, 0, FOR_LIBXL, 3, 1, 1);
        callIns.occurredTimeout(6, FOR_LIBXL, CallIns.SAID_NOW, new AtomicBoolean());
        verify(seam).occurredTimeout(2, 0, FOR_LIBXL);
    }

    @Test
    void everyMethodIsGuarded() throws ReflectiveOperationException {
        HookObserver guarded = GuardedObserver.of(throwing);
        for (Method method : HookObserver.class.getMethods()) {
            Object[] arguments = new Object[method.getParameterCount()];
            for (int i = 0; i < arguments.length; i++) {
                Class<?> type = method.getParameterTypes()[i];
                arguments[i] = type == long.class ? (Object) 1L : type == int.class ? (Object) 1 : null;
            }
            method.invoke(guarded, arguments);
            assertTrue(thrown.contains(method.getName()), method + " does not reach what it guards");
        }
    }
}
