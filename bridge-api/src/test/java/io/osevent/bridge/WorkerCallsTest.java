package io.osevent.bridge;

import static io.osevent.bridge.Interest.HANGUP;
import static io.osevent.bridge.Interest.READABLE;
import static io.osevent.bridge.Interest.WRITABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Callbacks that the loop hands to an ordered worker. */
class WorkerCallsTest {
    private final CoreFixture core = new CoreFixture();
    private final SimKernel kernel = core.kernel;
    private final EventSet set = core.set;
    private final SteppedWorker worker = new SteppedWorker();
    private final NativeContext context = NativeContext.onWorker(set, "context", worker, CallScope.PLAIN);
    private final int fd = kernel.open();

    @Test
    void theEntryIsSilentFromTheHandOverUntilTheCallHasReturned() {
        RecordedFd a = add("a", READABLE);
        kernel.ready(fd, READABLE);
        assertTrue(core.host.step());
        assertEquals(0, a.calls());
        assertEquals(1, worker.waiting());
        assertFalse(core.host.step(), "busy, so the kernel says nothing");
        a.does(bits -> assertFalse(core.host.step(), "still busy"));
        worker.settle(1);
        assertEquals(1, a.calls());
        assertTrue(core.host.step(), "reported again");
    }

    @Test
    void aHangUpOfABusyEntryIsReportedOnceAtMostAndAgainAfterwards() {
        RecordedFd a = add("a", READABLE);
        kernel.ready(fd, READABLE | HANGUP);
        core.host.step();
        core.host.settle(2);
        worker.settle(2);
        int calls = a.calls();
        core.host.step();
        worker.settle(2);
        assertTrue(a.calls() > calls);
    }

    @Test
    void aRemovalBetweenHandOverAndCallWins() {
        RecordedFd a = add("a", READABLE);
        kernel.ready(fd, READABLE);
        core.host.step();
        set.remove(a);
        worker.settle(1);
        core.host.settle(2);
        assertEquals(0, a.calls());
        assertEquals(1, a.frees());
    }

    @Test
    void aWorkerThatHasGoneSilencesItsOwnRegistrationsOnly() {
        RecordedFd a = add("a", READABLE);
        RecordedFd neighbour = core.fd("neighbour", fd, READABLE | WRITABLE);
        neighbour.does(bits -> kernel.ready(fd, 0));
        worker.close();
        kernel.ready(fd, READABLE);
        core.host.settle(5);
        assertEquals(0, a.calls());
        kernel.ready(fd, READABLE);
        core.host.settle(5);
        kernel.ready(fd, WRITABLE);
        core.host.settle(5);
        assertEquals(List.of(READABLE, READABLE, WRITABLE), neighbour.events());
    }

    @Test
    void aWorkerThatHasGoneDoesNotMakeTheLoopSpin() {
        RecordedFd a = add("a", READABLE);
        worker.close();
        kernel.ready(fd, READABLE);
        core.host.settle(2);
        set.modify(a, READABLE | WRITABLE);
        assertTrue(core.host.step(), "the library has asked again");
        core.host.settle(2);
        set.remove(a);
        core.host.settle(2);
        assertEquals(1, a.frees());
    }

    @Test
    void aWorkerThatHasNoThreadIsAskedAgain() {
        RecordedFd a = add("a", READABLE);
        RecordedFd neighbour = core.fd("neighbour", kernel.open(), READABLE);
        neighbour.does(bits -> kernel.ready(neighbour.fd(), 0));
        RecordedTimeout timeout = oneShot("timeout");
        worker.fails(true, false);
        kernel.ready(fd, READABLE);
        kernel.ready(neighbour.fd(), READABLE);
        kernel.advance(2_000_000);
        assertTrue(core.host.step());
        assertEquals(1, neighbour.calls(), "the turn goes on");
        worker.fails(false, false);
        core.host.settle(2);
        a.does(bits -> kernel.ready(fd, 0));
        worker.settle(2);
        core.host.settle(2);
        assertEquals(List.of(1, 1), List.of(a.calls(), timeout.calls()));
    }

    @Test
    void aWorkerThatFailsAndKeepsTheTaskReleasesItsEntryOnce() {
        RecordedFd a = add("a", READABLE);
        RecordedTimeout timeout = oneShot("timeout");
        worker.fails(true, true);
        kernel.ready(fd, READABLE);
        kernel.advance(2_000_000);
        core.host.step();
        core.host.step();
        worker.fails(false, false);
        worker.settle(1_000);
        assertTrue(core.host.step(), "reported again, not busy for ever");
        a.does(bits -> kernel.ready(fd, 0));
        worker.settle(1_000);
        core.host.settle(5);
        worker.settle(1_000);
        assertEquals(1, timeout.calls());
        kernel.ready(fd, READABLE);
        int calls = a.calls();
        core.host.settle(2);
        worker.settle(2);
        assertEquals(calls + 1, a.calls());
    }

    @Test
    void aTimeoutHandedOverIsDeliveredOnceByWorkerOrNobody() {
        RecordedTimeout called = oneShot("called");
        RecordedTimeout removed = oneShot("removed");
        core.host.advance(2_000_000);
        assertEquals(2, worker.waiting());
        assertTrue(set.remove(removed));
        worker.settle(2);
        core.host.settle(3);
        assertEquals(List.of(1, 0), List.of(called.calls(), removed.calls()));
        assertEquals(List.of(1, 1), List.of(called.frees(), removed.frees()));
        assertEquals(0, set.stats().unfinished());
    }

    private RecordedFd add(String name, int interest) {
        RecordedFd registration = new RecordedFd(context, name, fd, interest);
        set.add(registration);
        return registration;
    }

    private RecordedTimeout oneShot(String name) {
        RecordedTimeout timeout = new RecordedTimeout(context, name);
        set.addOneShot(timeout, kernel.wallClockMicros() + 1_000);
        return timeout;
    }
}
