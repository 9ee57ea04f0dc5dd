package io.osevent.shim.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Callback;
import io.osevent.shim.CTargets;
import io.osevent.shim.CThread;
import io.osevent.shim.Seams;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FunctionPointersTest {
    private static final int BOUND_SECONDS = 20;

    /** {@code void *(*)(void *)}: what a thread of C runs. */
    private interface Start extends Callback {
        long invoke(long argument);
    }

    /** libvirt and libxl call hooks on threads of their own. */
    @Test
    void aThreadOfCIsADaemonWhileItLasts() throws Exception {
        AtomicReference<Thread> seen = new AtomicReference<>();
        AtomicReference<Boolean> daemon = new AtomicReference<>();
        long start = FunctionPointers.forever((Start) argument -> {
            seen.set(Thread.currentThread());
            daemon.set(Thread.currentThread().isDaemon());
            return argument + 1;
        });
        assertEquals(0x1_0000_0001L, CThread.run(start, 0x1_0000_0000L));
        assertEquals(true, daemon.get());
        seen.get().join(TimeUnit.SECONDS.toMillis(BOUND_SECONDS));
        assertFalse(seen.get().isAlive(), "a thread of C that has ended was not detached");
    }

    /** A control for the collection: an object of the same age that nobody holds is gone. */
    @Test
    void callbacksOutliveTheCollector() {
        AtomicInteger calls = new AtomicInteger();
        long function = FunctionPointers.forever((CTargets.Free) opaque -> calls.incrementAndGet());
        WeakReference<Object> unheld = new WeakReference<>(new Object());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        while (unheld.get() != null) {
            assertTrue(System.nanoTime() < end, "the collector did not run");
            System.gc();
        }
        assertNull(unheld.get());
        Seams.jna().callFree(function, 1);
        assertEquals(1, calls.get());
    }

    @Test
    void eachCallbackHasItsOwnAddress() {
        long first = FunctionPointers.forever((CTargets.Free) opaque -> {});
        long second = FunctionPointers.forever((CTargets.Timeout) (timer, opaque) -> {});
        assertTrue(first != 0 && second != 0 && first != second);
    }
}
