package io.osevent.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.CallScope;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.NativePort;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.CTargets;
import io.osevent.shim.Seam;
import io.osevent.shim.Seams;
import io.osevent.shim.VirtualTimePort;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The kernel can report a handle, and its callback name the id, while {@code addHandle} is still on its way. */
class CallbackBeforeAddReturnsTest {
    private static final long BOUND_SECONDS = 20;

    private final Seam seam = Seams.jna();
    private final AtomicInteger calls = new AtomicInteger();
    private final Thread loop = new Thread(this::turn, "loop");
    private volatile boolean adding;

    private final EventSet set = EventSet.open(
            new VirtualTimePort(seam) {
                @Override
                public int control(int epoll, int operation, int fd, int events, long tag) {
                    int result = super.control(epoll, operation, fd, events, tag);
                    if (adding && operation == NativePort.CTL_ADD) {
                        callback();
                    }
                    return result;
                }
            },
            TurnLimits.DEFAULT,
            BridgeMetrics.NONE);

    private final VirEventHooks hooks =
            new VirEventHooks(seam, set, NativeContext.permanent(set, "libvirt"), new IdTable<>(), new IdTable<>());
    private final int fd = seam.createTimer();

    @AfterEach
    void close() {
        set.close();
        seam.close(fd);
    }

    private void turn() {
        set.turn().run(CallScope.PLAIN);
    }

    /** The set's lock is held here: the callback goes on until its update waits for it, or, knowing no such id, does not. */
    private void callback() {
        loop.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        while (loop.getState() != Thread.State.BLOCKED && loop.isAlive()) {
            assertTrue(System.nanoTime() < end, "the callback did not come");
            Thread.onSpinWait();
        }
    }

    @Test
    void itsUpdateIsHeard() throws Exception {
        seam.armTimer(fd, 1);
        long callback = CTargets.pointer((CTargets.Handle) (watch, f, events, opaque) -> {
            calls.incrementAndGet();
            hooks.updateHandle(watch, 0);
        });
        adding = true;
        assertEquals(1, hooks.addHandle(fd, VirEvents.READABLE, callback, 1, 0));
        loop.join(TimeUnit.SECONDS.toMillis(BOUND_SECONDS));
        assertEquals(1, calls.get(), "nobody reads the descriptor: it is reported until it is silenced");
    }
}
