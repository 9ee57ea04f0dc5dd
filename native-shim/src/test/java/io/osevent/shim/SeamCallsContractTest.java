package io.osevent.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every seam owes the dialects: calls into C. */
public abstract class SeamCallsContractTest {
    private static final int BOUND_SECONDS = 60;

    private final List<String> calls = new ArrayList<>();
    private Seam seam;

    /** The seam under test. */
    protected abstract Seam seam();

    @BeforeEach
    void take() {
        seam = seam();
    }

    @Test
    void handleCallbackGetsItsArguments() {
        long function = CTargets.pointer((CTargets.Handle)
                (watch, fd, events, opaque) -> calls.add(watch + " " + fd + " " + events + " " + opaque));
        seam.callHandle(function, 1, 2, 3, 4);
        seam.callHandle(function, Integer.MAX_VALUE, -1, Integer.MIN_VALUE, Long.MIN_VALUE);
        seam.callHandle(function, 0, 0, 0, 0);
        assertEquals(List.of("1 2 3 4", "2147483647 -1 -2147483648 " + Long.MIN_VALUE, "0 0 0 0"), calls);
    }

    @Test
    void timeoutCallbackGetsItsArguments() {
        long function = CTargets.pointer((CTargets.Timeout) (timer, opaque) -> calls.add(timer + " " + opaque));
        seam.callTimeout(function, 7, 0x7FFF_FFFF_FFFFL);
        seam.callTimeout(function, -1, -1);
        assertEquals(List.of("7 " + 0x7FFF_FFFF_FFFFL, "-1 -1"), calls);
    }

    @Test
    void freeCallbackGetsItsArgument() {
        long function = CTargets.pointer((CTargets.Free) opaque -> calls.add("free " + opaque));
        seam.callFree(function, Long.MAX_VALUE);
        seam.callFree(function, 0);
        assertEquals(List.of("free " + Long.MAX_VALUE, "free 0"), calls);
    }

    @Test
    void occurredFdGetsItsArguments() {
        long function = CTargets.pointer((CTargets.OccurredFd) (ctx, forLibxl, fd, events, revents) ->
                calls.add(ctx + " " + forLibxl + " " + fd + " " + (short) events + " " + (short) revents));
        seam.occurredFd(function, 1, 2, 3, 4, 5);
        seam.occurredFd(function, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE, 0x7FFF, -0x8000);
        assertEquals(List.of("1 2 3 4 5", Long.MAX_VALUE + " " + Long.MIN_VALUE + " 2147483647 32767 -32768"), calls);
    }

    @Test
    void occurredTimeoutGetsItsArguments() {
        long function = CTargets.pointer((CTargets.OccurredTimeout) (ctx, forLibxl) -> calls.add(ctx + " " + forLibxl));
        seam.occurredTimeout(function, 11, -12);
        assertEquals(List.of("11 -12"), calls);
    }

    @Test
    void aFunctionOfTheCLibraryCanBeCalled() {
        long block = Native.malloc(64);
        assertNotEquals(0, block);
        seam.callFree(CTargets.free(), block);
        seam.callFree(CTargets.free(), 0);
        seam.callHandle(CTargets.pureC(), -5, 1, 1, 1);
        seam.callTimeout(CTargets.pureC(), -5, 1);
    }

    /** Every level has its own arguments, whatever deeper levels passed meanwhile. */
    @Test
    void callsNestInsideCallbacks() {
        int depth = 40;
        long[] functions = new long[3];
        functions[0] = CTargets.pointer((CTargets.Handle) (watch, fd, events, opaque) -> {
            if (watch < depth) {
                seam.callTimeout(functions[1], watch + 1, opaque + 1);
            }
            calls.add("handle " + watch + " " + fd + " " + events + " " + opaque);
        });
        functions[1] = CTargets.pointer((CTargets.Timeout) (timer, opaque) -> {
            seam.callFree(functions[2], -opaque);
            assertEquals(-9, seam.control(-1, 1, -1, 1, opaque));
            assertEquals(-9, seam.armTimer(-1, opaque));
            seam.callHandle(functions[0], timer, timer + 1, timer + 2, opaque);
            calls.add("timeout " + timer + " " + opaque);
        });
        functions[2] = CTargets.pointer((CTargets.Free) opaque -> calls.add("free " + opaque));

        seam.callHandle(functions[0], 0, 100, 200, 1000);

        List<String> expected = new ArrayList<>();
        for (int level = 1; level <= depth; level++) {
            expected.add("free " + -(1000 + level));
        }
        for (int level = depth; level >= 1; level--) {
            expected.add("handle " + level + " " + (level + 1) + " " + (level + 2) + " " + (1000 + level));
            expected.add("timeout " + level + " " + (1000 + level));
        }
        expected.add("handle 0 100 200 1000");
        assertEquals(expected, calls);
    }

    @Test
    void threadsDoNotMixTheirArguments() throws Exception {
        int threads = 4;
        int rounds = 20_000;
        ConcurrentHashMap<Long, long[]> sums = new ConcurrentHashMap<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long function = CTargets.pointer((CTargets.Handle) (watch, fd, events, opaque) -> {
            if (fd != watch * 2 || events != watch * 3) {
                failure.compareAndSet(null, new AssertionError(watch + " " + fd + " " + events));
            }
            sums.get(opaque)[0] += watch;
        });
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Thread> running = new ArrayList<>();
        for (long id = 1; id <= threads; id++) {
            long opaque = id;
            sums.put(opaque, new long[1]);
            Thread thread = new Thread(() -> {
                try {
                    start.await(BOUND_SECONDS, TimeUnit.SECONDS);
                    for (int i = 1; i <= rounds; i++) {
                        int watch = (int) (opaque * 1_000_000 + i);
                        seam.callHandle(function, watch, watch * 2, watch * 3, opaque);
                    }
                } catch (Exception e) {
                    failure.compareAndSet(null, e);
                }
            });
            running.add(thread);
            thread.start();
        }
        for (Thread thread : running) {
            thread.join(TimeUnit.SECONDS.toMillis(BOUND_SECONDS));
            assertEquals(Thread.State.TERMINATED, thread.getState());
        }
        assertNull(failure.get());
        for (long id = 1; id <= threads; id++) {
            assertEquals(id * 1_000_000 * rounds + (long) rounds * (rounds + 1) / 2, sums.get(id)[0]);
        }
    }

    @Test
    void theCallPathAllocatesNothing() {
        long function = CTargets.pureC();
        long free = CTargets.free();
        Garbage.assertNone(() -> {
            seam.callHandle(function, 1, 2, 3, 4);
            seam.callTimeout(function, 1, 2);
            seam.callFree(free, 0);
            seam.occurredFd(function, 1, 2, 3, 4, 5);
            seam.occurredTimeout(function, 1, 2);
        });
    }

    /** {@code vmessage} takes a {@code va_list}; on x86-64 it can be laid out by hand, with every argument in memory. */
    @Test
    void aLoggerFormatsItsLines() {
        assumeTrue(Platform.is64Bit() && Platform.isIntel(), "va_list is laid out by hand for x86-64 only");
        long sink = CTargets.pointer((CTargets.LogSink) (opaque, level, errnoval, context, message) ->
                calls.add(opaque + " " + level + " " + errnoval + " " + text(context) + ": " + text(message)));
        long logger = seam.createLogger(sink, 77, 5);
        Vararg message = new Vararg("%s has %d of %ld");

        message.send(logger, 4, "xl", "below", 1, 2);
        message.send(logger, 5, "xl", "disk", 3, 1L << 40);
        message.send(logger, 8, null, "x".repeat(3000), -4, 5);
        seam.destroyLogger(logger);

        assertEquals(
                List.of("77 5 2 xl: disk has 3 of 1099511627776", "77 8 2 null: " + "x".repeat(3000) + " has -4 of 5"),
                calls);
    }

    @Test
    void aLoggerReportsProgress() {
        long sink = CTargets.pointer((CTargets.LogSink) (opaque, level, errnoval, context, message) ->
                calls.add(opaque + " " + level + " " + errnoval + " " + text(context) + ": " + text(message)));
        long quiet = seam.createLogger(sink, 1, 5);
        long chatty = seam.createLogger(sink, 2, 4);
        for (long logger : new long[] {quiet, chatty}) {
            Function.getFunction(new Pointer(new Pointer(logger).getLong(8))).invokeVoid(new Object[] {
                new Pointer(logger), "xc", "saving", 30, new NativeLong(3), new NativeLong(10)
            });
            Function.getFunction(new Pointer(new Pointer(logger).getLong(16)))
                    .invokeVoid(new Object[] {new Pointer(logger)});
        }
        assertEquals(List.of("2 4 -1 xc: saving: 3/10 30%"), calls);
    }

    private static String text(long address) {
        return address == 0 ? "null" : new Pointer(address).getString(0);
    }

    /** Calls a logger's {@code vmessage} with a string, an int and a long. */
    private static final class Vararg {
        private final String format;

        Vararg(String format) {
            this.format = format;
        }

        void send(long logger, int level, String context, String first, int second, long third) {
            Memory string = new Memory(first.length() + 1L);
            string.setString(0, first);
            Memory overflow = new Memory(24);
            overflow.setPointer(0, string);
            overflow.setInt(8, second);
            overflow.setLong(16, third);
            Memory list = new Memory(24);
            list.setInt(0, 48);
            list.setInt(4, 176);
            list.setPointer(8, overflow);
            list.setPointer(16, Pointer.NULL);
            int enoent = 2;
            Function.getFunction(new Pointer(new Pointer(logger).getLong(0)))
                    .invokeVoid(new Object[] {new Pointer(logger), level, enoent, context, format, list});
        }
    }
}
