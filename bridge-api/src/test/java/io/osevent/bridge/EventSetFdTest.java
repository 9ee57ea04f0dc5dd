package io.osevent.bridge;

import static io.osevent.bridge.Interest.ERROR;
import static io.osevent.bridge.Interest.HANGUP;
import static io.osevent.bridge.Interest.READABLE;
import static io.osevent.bridge.Interest.WRITABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** File descriptors in an event set: register, modify, deregister, and what the kernel holds meanwhile. */
class EventSetFdTest {
    private final CoreFixture core = new CoreFixture();
    private final SimKernel kernel = core.kernel;
    private final SteppedHost host = core.host;
    private final EventSet set = core.set;
    private final int fd = kernel.open();

    @Test
    void deliversWhatIsReadyAndAskedFor() {
        RecordedFd a = core.fd("a", fd, READABLE);
        host.settle(3);
        assertEquals(0, a.calls());
        kernel.ready(fd, READABLE | WRITABLE);
        host.step();
        kernel.ready(fd, 0);
        assertTrue(a.calls() > 0);
        assertEquals(READABLE, a.events().get(0));
    }

    @Test
    void levelTriggeredUntilTheCallbackHasRead() {
        RecordedFd a = core.fd("a", fd, READABLE);
        a.does(bits -> {
            if (a.calls() == 3) {
                kernel.ready(fd, 0);
            }
        });
        kernel.ready(fd, READABLE);
        host.settle(5);
        assertEquals(3, a.calls());
    }

    @Test
    void hangUpAndErrorComeUnasked() {
        RecordedFd a = core.fd("a", fd, READABLE);
        a.does(bits -> kernel.ready(fd, 0));
        kernel.ready(fd, HANGUP | ERROR);
        host.settle(3);
        assertEquals(List.of(HANGUP | ERROR), a.events());
    }

    @Test
    void anEmptyInterestIsSilentEvenForAHangUp() {
        RecordedFd a = core.fd("a", fd, 0);
        kernel.ready(fd, READABLE | HANGUP);
        host.settle(3);
        assertEquals(0, a.calls());
        a.does(bits -> kernel.ready(fd, 0));
        set.modify(a, READABLE);
        host.settle(3);
        assertEquals(List.of(READABLE | HANGUP), a.events());
    }

    @Test
    void anInterestInErrorsAloneHearsOfThem() {
        RecordedFd a = core.fd("a", fd, ERROR);
        a.does(bits -> kernel.ready(fd, 0));
        kernel.ready(fd, READABLE | ERROR);
        host.settle(3);
        assertEquals(List.of(ERROR), a.events());
    }

    @Test
    void modifyWritesTheKernelOnlyWhenSomethingChanges() {
        RecordedFd a = core.fd("a", fd, READABLE);
        int before = kernel.count(SimKernel.CallName.MOD);
        set.modify(a, READABLE);
        assertEquals(before, kernel.count(SimKernel.CallName.MOD));
        set.modify(a, READABLE | WRITABLE);
        assertEquals(before + 1, kernel.count(SimKernel.CallName.MOD));
    }

    @Test
    void removeTakesTheFdOutAtOnceAndFreesOnTheLoop() {
        RecordedFd a = core.fd("a", fd, READABLE);
        kernel.ready(fd, READABLE);
        assertTrue(set.remove(a));
        assertEquals("", kernel.describe(set.backSet()));
        assertEquals(0, a.frees());
        assertFalse(set.remove(a), "a second removal is refused");
        host.settle(3);
        assertEquals(0, a.calls());
        assertEquals(1, a.frees());
        assertEquals(0, set.stats().unfinished());
    }

    @Test
    void aTokenNamesNobodyAfterItsRegistration() {
        RecordedFd a = core.fd("a", fd, READABLE);
        long token = a.token();
        assertSame(a, set.lookUp(token));
        set.remove(a);
        host.settle(3);
        assertNull(set.lookUp(token));
        RecordedFd b = core.fd("b", fd, READABLE);
        assertEquals(Token.slot(token), Token.slot(b.token()), "the slot is used again");
        assertNull(set.lookUp(token), "under another generation");
        assertNull(set.lookUp(-1));
        assertNull(set.lookUp(0));
    }

    @Test
    void removedInItsOwnCallbackIsFreedAfterIt() {
        RecordedFd a = core.fd("a", fd, READABLE);
        a.does(bits -> {
            assertTrue(set.remove(a));
            assertTrue(set.finalized(a).toCompletableFuture().isDone(), "a wait inside does not count itself");
            assertEquals(0, a.frees());
        });
        kernel.ready(fd, READABLE);
        host.settle(5);
        assertEquals(1, a.calls());
        assertEquals(1, a.frees());
    }

    @Test
    void removedByANeighbourOfTheSameHarvestIsNotCalled() {
        int other = kernel.open();
        RecordedFd a = core.fd("a", fd, READABLE);
        RecordedFd b = core.fd("b", other, READABLE);
        a.does(bits -> set.remove(b));
        b.does(bits -> set.remove(a));
        kernel.ready(fd, READABLE);
        kernel.ready(other, READABLE);
        host.step();
        set.remove(a);
        set.remove(b);
        host.settle(5);
        assertEquals(1, List.of(a, b).stream().filter(r -> r.calls() > 0).count());
        assertEquals(2, a.frees() + b.frees());
    }

    @Test
    void silencedByANeighbourOfTheSameHarvestIsNotCalled() {
        int other = kernel.open();
        RecordedFd a = core.fd("a", fd, READABLE);
        RecordedFd b = core.fd("b", other, READABLE);
        a.does(bits -> set.modify(b, 0));
        b.does(bits -> set.modify(a, 0));
        kernel.ready(fd, READABLE);
        kernel.ready(other, READABLE);
        host.step();
        assertTrue(a.calls() == 0 || b.calls() == 0);
    }

    @Test
    void aModifyAfterRemoveRevivesNothing() {
        RecordedFd a = core.fd("a", fd, READABLE);
        set.remove(a);
        var refused = assertThrows(NativeErrorException.class, () -> set.modify(a, READABLE));
        assertEquals(Errno.ENOENT, refused.errno());
        assertEquals("", kernel.describe(set.backSet()));
    }

    @Test
    void aFailedAddLeavesNothingAndFreesNothing() {
        for (int errno : new int[] {Errno.ENOSPC, Errno.ENOMEM, Errno.EBADF}) {
            kernel.failNext(SimKernel.CallName.ADD, errno);
            RecordedFd a = new RecordedFd(core.context, "a", fd, READABLE);
            var refused = assertThrows(NativeErrorException.class, () -> set.add(a));
            assertEquals(
                    "epoll_ctl(ADD) failed with " + Errno.name(errno) + " for a (fd " + fd + ")", refused.getMessage());
            host.settle(3);
            assertEquals(0, a.frees());
            assertEquals(0, set.stats().unfinished());
            assertFalse(set.remove(a));
        }
        core.fd("b", fd, READABLE);
    }

    @Test
    void aNegativeNumberIsRefusedLikeAnyOtherThatIsNotOpen() {
        RecordedFd a = new RecordedFd(core.context, "a", -1, READABLE);
        assertEquals(
                Errno.EBADF,
                assertThrows(NativeErrorException.class, () -> set.add(a)).errno());
        assertEquals(0, set.stats().unfinished());
        assertEquals(List.of(), set.describe());
    }

    @Test
    void aClosedSetTouchesNoDescriptor() {
        RecordedFd a = core.fd("a", fd, READABLE);
        core.lease.cancel();
        set.close();
        // Somebody else's epoll set gets the number of the one that was closed.
        int stranger = kernel.createSet();
        while (stranger < set.backSet()) {
            stranger = kernel.createSet();
        }
        assertEquals(set.backSet(), stranger);
        kernel.control(stranger, NativePort.CTL_ADD, fd, READABLE, 77);
        String before = kernel.describe(stranger);
        var refused = assertThrows(NativeErrorException.class, () -> set.modify(a, WRITABLE));
        assertEquals(Errno.ESHUTDOWN, refused.errno());
        set.pause(core.context);
        set.wake();
        set.remove(a);
        assertEquals(before, kernel.describe(stranger));
    }

    @Test
    void aHandlerOfFailuresThatFailsDisablesNothing() {
        RecordedFd a = core.fd("a", fd, READABLE);
        a.does(bits -> {
            kernel.ready(fd, 0);
            throw new IllegalStateException("user");
        });
        core.host.failuresThrow();
        kernel.ready(fd, READABLE);
        host.settle(3);
        assertEquals(1, a.calls());
        set.remove(a);
        host.settle(3);
        assertEquals(1, a.frees(), "the failed call was released");
    }

    @Test
    void callbacksThatThrowDisableNothing() {
        RecordedFd a = core.fd("a", fd, READABLE);
        a.does(bits -> {
            kernel.ready(fd, 0);
            throw new IllegalStateException("user");
        });
        kernel.ready(fd, READABLE);
        host.settle(3);
        kernel.ready(fd, READABLE);
        host.settle(3);
        assertEquals(2, a.calls());
        assertEquals(2, host.failures().size());
    }

    @Nested
    class SeveralRegistrationsOnOneFd {
        @Test
        void eachHearsOfItsOwnBits() {
            RecordedFd reader = core.fd("reader", fd, READABLE);
            RecordedFd writer = core.fd("writer", fd, WRITABLE);
            reader.does(bits -> kernel.ready(fd, 0));
            kernel.ready(fd, READABLE | WRITABLE);
            host.settle(3);
            assertEquals(List.of(READABLE), reader.events());
            assertEquals(List.of(WRITABLE), writer.events());
        }

        @Test
        void theStateIsCheckedBetweenThem() {
            RecordedFd first = core.fd("first", fd, READABLE);
            RecordedFd second = core.fd("second", fd, WRITABLE);
            first.does(bits -> {
                kernel.ready(fd, 0);
                set.remove(second);
            });
            kernel.ready(fd, READABLE | WRITABLE);
            host.settle(3);
            assertEquals(0, second.calls());
            assertEquals(1, second.frees());
        }

        @Test
        void theUnionShrinksAndTheFdLeavesWithTheLast() {
            RecordedFd reader = core.fd("reader", fd, READABLE);
            RecordedFd writer = core.fd("writer", fd, WRITABLE);
            set.remove(writer);
            assertTrue(kernel.describe(set.backSet()).contains(":1#"));
            set.remove(reader);
            assertEquals("", kernel.describe(set.backSet()));
        }

        @Test
        void anEventHarvestedBeforeDoesNotReachANewcomer() {
            core.fd("old", fd, READABLE);
            kernel.ready(fd, READABLE);
            Turn turn = set.turn();
            assertEquals(1, turn.harvest(8));
            core.fd("new", fd, READABLE);
            assertNull(turn.entry(0), "the harvested tag is stale");
        }
    }

    @Nested
    class NumbersAreNotFiles {
        @Test
        void aReusedNumberGetsItsOwnEntry() {
            RecordedFd old = core.fd("old", fd, READABLE);
            int copy = kernel.dup(fd);
            kernel.close(fd);
            assertEquals(fd, kernel.open());
            RecordedFd young = core.fd("young", fd, READABLE);
            assertEquals(1, set.stats().detached());
            kernel.ready(copy, READABLE);
            for (int i = 0; i < 5; i++) {
                host.step();
            }
            assertEquals(0, young.calls(), "the old file's readiness is not the new one's");
            assertEquals(0, old.calls());
            assertEquals(1, set.stats().rebuilds(), "the zombie is gone after one rebuild");
            assertFalse(host.step());
            kernel.ready(fd, READABLE);
            young.does(bits -> kernel.ready(fd, 0));
            host.settle(3);
            assertEquals(1, young.calls(), "live interests survive the rebuild");
            set.remove(old);
            set.remove(young);
            host.settle(3);
            assertEquals(0, set.stats().unfinished());
        }

        @Test
        void aMereModifyThatMeetsAStrangerDetachesAndNeverAdds() {
            RecordedFd a = core.fd("a", fd, READABLE);
            kernel.close(fd);
            kernel.open();
            assertThrows(NativeErrorException.class, () -> set.modify(a, WRITABLE));
            assertEquals("", kernel.describe(set.backSet()));
            assertTrue(set.remove(a));
        }

        @Test
        void aFileThatComesBackTakesItsFormerPlace() {
            RecordedFd a = core.fd("a", fd, READABLE);
            int copy = kernel.dup(fd);
            kernel.close(fd);
            assertThrows(NativeErrorException.class, () -> set.modify(a, WRITABLE));
            kernel.dup2(copy, fd);
            RecordedFd b = core.fd("b", fd, READABLE);
            b.does(bits -> kernel.ready(fd, 0));
            kernel.ready(fd, READABLE);
            host.settle(3);
            assertEquals(1, b.calls());
            assertEquals(0, a.calls());
        }

        @Test
        void ordinaryRemovalsNeverRebuild() {
            for (int i = 0; i < 500; i++) {
                RecordedFd a = core.fd("a", fd, READABLE);
                kernel.ready(fd, READABLE);
                set.turn().harvest(8);
                set.remove(a);
                assertNull(set.turn().entry(0));
                kernel.ready(fd, 0);
                host.settle(3);
            }
            assertEquals(0, set.stats().rebuilds());
            assertEquals(500, set.stats().staleTags());
        }

        @Test
        void aZombieWithoutRoomForANewSetIsRetried() {
            RecordedFd a = core.fd("a", fd, READABLE);
            int copy = kernel.dup(fd);
            kernel.close(fd);
            set.remove(a);
            kernel.ready(copy, READABLE);
            kernel.failNext(SimKernel.CallName.ADD, Errno.ENOMEM);
            for (int i = 0; i < 6; i++) {
                host.step();
            }
            assertEquals(1, set.stats().rebuilds());
            assertFalse(host.step());
        }
    }

    @Nested
    class FilesThatEpollRefuses {
        private final int regular = kernel.openRegular();

        @Test
        void areReadyOnceInEachTurn() {
            RecordedFd a = core.fd("a", regular, WRITABLE);
            host.step();
            host.step();
            assertEquals(List.of(WRITABLE, WRITABLE), a.events());
            set.modify(a, 0);
            host.settle(3);
            assertEquals(2, a.calls());
            set.modify(a, READABLE);
            host.step();
            assertEquals(3, a.calls());
            set.remove(a);
            host.settle(3);
            assertEquals(1, a.frees());
        }

        @Test
        void shareOneEntry() {
            RecordedFd a = core.fd("a", regular, WRITABLE);
            RecordedFd b = core.fd("b", regular, READABLE);
            host.step();
            assertEquals(List.of(WRITABLE), a.events());
            assertEquals(List.of(READABLE), b.events());
            set.remove(a);
            set.remove(b);
            host.settle(5);
            assertEquals(0, set.stats().unfinished());
        }

        @Test
        void giveWayToASocketUnderTheSameNumber() {
            RecordedFd file = core.fd("file", regular, WRITABLE);
            kernel.close(regular);
            int socket = kernel.open();
            assertEquals(regular, socket);
            RecordedFd a = core.fd("socket", socket, READABLE);
            a.does(bits -> kernel.ready(socket, 0));
            host.settle(3);
            assertEquals(0, file.calls());
            kernel.ready(socket, READABLE);
            host.settle(3);
            assertEquals(1, a.calls());
        }
    }
}
