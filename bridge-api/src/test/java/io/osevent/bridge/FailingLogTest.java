package io.osevent.bridge;

import static io.osevent.bridge.Interest.READABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A log that fails is no reason to skip what comes after it. */
class FailingLogTest {
    private final AtomicInteger attempts = new AtomicInteger();
    private final CoreFixture core = new CoreFixture();
    private final SimKernel kernel = core.kernel;
    private final EventSet set = core.set;

    /** No log can write it down: to the log's caller this is a handler that cannot load a class. */
    private final class Unwritable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            attempts.incrementAndGet();
            throw new NoClassDefFoundError("a formatter's");
        }

        @Override
        public void printStackTrace(PrintStream to) {
            toString();
        }

        @Override
        public void printStackTrace(PrintWriter to) {
            toString();
        }
    }

    @Test
    void aFailedCallbackIsReleased() {
        int fd = kernel.open();
        RecordedFd watched = core.fd("watched", fd, READABLE).does(bits -> {
            kernel.ready(fd, 0);
            throw new Unwritable();
        });
        RecordedTimeout timer = core.timer("timer", 1).does(() -> {
            throw new Unwritable();
        });
        kernel.ready(fd, READABLE);
        kernel.advance(2_000_000);
        set.turn().run(CallScope.PLAIN);

        assertTrue(attempts.get() > 0, "it was to be logged");
        assertEquals(1, watched.calls());
        assertEquals(1, timer.calls());
        set.remove(watched);
        set.remove(timer);
        core.host.settle(5);
        assertEquals(0, set.stats().unfinished());
    }

    @Test
    void aTeardownGoesOn() {
        SteppedWorker worker = new SteppedWorker();
        NativeContext context = NativeContext.onWorker(set, "context", worker, CallScope.PLAIN);
        RecordedTimeout promised = new RecordedTimeout(context, "promised").does(() -> {
            throw new Unwritable();
        });
        set.addOneShot(promised, kernel.wallClockMicros() + 60_000_000);
        set.modifyToNow(promised);
        Teardown.Library library = new Teardown.Library() {
            @Override
            public CompletionStage<Void> abortOperations() {
                return CompletableFuture.completedStage(null);
            }

            @Override
            public void disableEvents() {
                throw new Unwritable();
            }

            @Override
            public void free() {}
        };
        CompletableFuture<Teardown.Report> report =
                new Teardown(context, worker, library, 10_000).start().toCompletableFuture();
        worker.settle(20);
        assertTrue(attempts.get() > 0, "it was to be logged");
        assertEquals(1, promised.calls());
        assertTrue(report.getNow(new Teardown.Report(false, "not ended")).freed());
    }
}
