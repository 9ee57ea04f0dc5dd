package io.osevent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** The ordered end of a context with a worker, step by step on virtual time. */
class TeardownTest {
    private static final long MILLI = 1_000_000;

    private final CoreFixture core = new CoreFixture();
    private final SimKernel kernel = core.kernel;
    private final SteppedHost host = core.host;
    private final EventSet set = core.set;
    private final Worker worker = new Worker();
    private final NativeContext context = NativeContext.onWorker(set, "ctx", worker, host);
    private final List<String> log = new ArrayList<>();
    private final Library library = new Library();
    private final Teardown teardown = new Teardown(context, worker, library, 10_000);

    @Test
    void stepsInOrder() {
        library.operations.complete(null);
        CompletableFuture<Teardown.Report> report = teardown.start().toCompletableFuture();
        assertFalse(context.enter("a call"), "the user's calls are refused at once");
        worker.runAll();
        assertEquals(List.of("abort", "disable", "free"), log);
        assertTrue(report.join().freed());
        host.settle(10);
        assertEquals(0, set.stats().unfinished());
    }

    @Test
    void withoutItsSetAContextIsLeakedAndTheCallerToldSo() {
        set.close();
        Teardown.Report report = teardown.start().toCompletableFuture().join();
        assertFalse(report.freed());
        assertTrue(report.detail().contains("its event set is closed"), report.detail());
        assertEquals(NativeContext.Phase.LEAKED, context.phase());
        worker.runAll();
        assertEquals(List.of(), log);
    }

    @Test
    void hooksWorkUntilTheLibraryIsFreed() {
        int fd = kernel.open();
        RecordedFd watched = add(fd);
        library.whenFreed = () -> assertTrue(set.remove(watched));
        library.operations.complete(null);
        teardown.start();
        worker.runAll();
        assertEquals("", kernel.describe(set.backSet()));
        assertThrows(NativeErrorException.class, () -> add(kernel.open()));
    }

    @Test
    void whatWasModifiedToNowIsDeliveredOnceAndNothingEarly() {
        RecordedTimeout now = oneShot("now", 60_000_000);
        RecordedTimeout later = oneShot("later", 60_000_000);
        set.modifyToNow(now);
        library.operations.complete(null);
        teardown.start();
        worker.runAll();
        host.settle(10);
        worker.runAll();
        assertEquals(1, now.calls());
        assertEquals(0, later.calls());
        assertEquals(1, later.frees());
        assertTrue(log.contains("free"));
    }

    @Test
    void aTimeoutThatWasHandedToTheWorkerBeforeTheDrainIsDeliveredOnce() {
        RecordedTimeout timeout = oneShot("timeout", 0);
        host.settle(5);
        assertEquals(1, worker.tasks.size(), "handed over, not called on the loop");
        library.operations.complete(null);
        teardown.start();
        worker.runAll();
        assertEquals(1, timeout.calls());
    }

    @Test
    void freeWaitsForACallInFlight() {
        assertTrue(context.enter("initiator"));
        library.operations.complete(null);
        CompletableFuture<Teardown.Report> report = teardown.start().toCompletableFuture();
        worker.runAll();
        assertFalse(log.contains("free"));
        context.exit();
        worker.runAll();
        assertTrue(report.join().freed());
    }

    @Test
    void aCloseFromInsideACallbackGoesOnAfterIt() {
        int fd = kernel.open();
        RecordedFd watched = add(fd);
        library.operations.complete(null);
        List<CompletionStage<Teardown.Report>> reports = new ArrayList<>();
        watched.does(bits -> {
            reports.add(teardown.start());
            assertFalse(log.contains("abort"));
        });
        kernel.ready(fd, Interest.READABLE);
        host.step();
        worker.runAll();
        assertEquals(1, watched.calls());
        assertTrue(reports.get(0).toCompletableFuture().join().freed());
    }

    @Test
    void aContextThatCannotBeFreedInTimeIsLeakedAndItsHolderNamed() {
        int fd = kernel.open();
        RecordedFd watched = add(fd);
        assertTrue(context.enter("domain creation"));
        library.operations.complete(null);
        CompletableFuture<Teardown.Report> report = teardown.start().toCompletableFuture();
        worker.runAll();
        host.advance(9_999 * MILLI);
        assertFalse(report.isDone());
        host.advance(10 * MILLI);
        assertFalse(report.join().freed());
        assertTrue(
                report.join().detail().contains("domain creation on thread"),
                report.join().detail());
        assertEquals("", kernel.describe(set.backSet()), "its entries are out of the kernel's set");
        context.exit();
        worker.runAll();
        host.settle(10);
        assertFalse(log.contains("free"), "never freed afterwards");
        assertEquals(1, watched.frees());
        assertEquals(0, set.stats().unfinished());
    }

    @Test
    void operationsThatDoNotEndAreNamed() {
        CompletableFuture<Teardown.Report> report = teardown.start().toCompletableFuture();
        worker.runAll();
        host.advance(10_001 * MILLI);
        assertTrue(
                report.join().detail().contains("'abort operations'"),
                report.join().detail());
    }

    @Test
    void aWorkerThatHasGoneLeaks() {
        worker.closed = true;
        Teardown.Report report = teardown.start().toCompletableFuture().join();
        assertFalse(report.freed());
        assertTrue(report.detail().contains("worker has gone"));
    }

    @Test
    void anEntryIsPausedWhileItsCallWaitsForTheWorker() {
        int fd = kernel.open();
        RecordedFd watched = add(fd);
        kernel.ready(fd, Interest.READABLE);
        host.step();
        assertFalse(host.step(), "the entry is busy: no spin");
        assertEquals(1, worker.tasks.size());
        worker.runAll();
        assertEquals(1, watched.calls());
        host.step();
        assertEquals(1, worker.tasks.size(), "still ready, so it is called again");
        set.remove(watched);
        worker.runAll();
        assertEquals(1, watched.calls(), "the removal was first");
        host.settle(5);
        assertEquals(1, watched.frees());
    }

    @Test
    void aRejectedCallReleasesItsEntryWithoutSpinning() {
        int fd = kernel.open();
        RecordedFd watched = add(fd);
        worker.closed = true;
        kernel.ready(fd, Interest.READABLE);
        host.settle(5);
        worker.closed = false;
        set.modify(watched, Interest.READABLE);
        host.step();
        worker.runAll();
        assertEquals(1, watched.calls(), "asked again, delivered again");
    }

    private RecordedFd add(int fd) {
        RecordedFd registration = new RecordedFd(context, "watched", fd, Interest.READABLE);
        set.add(registration);
        return registration;
    }

    private RecordedTimeout oneShot(String name, long inMicros) {
        RecordedTimeout timeout = new RecordedTimeout(context, name);
        set.addOneShot(timeout, kernel.wallClockMicros() + inMicros);
        return timeout;
    }

    private static final class Worker implements Executor {
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private boolean closed;

        @Override
        public void execute(Runnable task) {
            if (closed) {
                throw new RejectedExecutionException("closed");
            }
            tasks.add(task);
        }

        void runAll() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }

    private final class Library implements Teardown.Library {
        private final CompletableFuture<Void> operations = new CompletableFuture<>();
        private Runnable whenFreed = () -> {};

        @Override
        public CompletionStage<Void> abortOperations() {
            log.add("abort");
            return operations;
        }

        @Override
        public void disableEvents() {
            log.add("disable");
        }

        @Override
        public void free() {
            log.add("free");
            whenFreed.run();
        }
    }
}
