package io.osevent.bridge;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The word of a slot on real processors. One table serves all states, so slots are used again all the time. No test has
 * more than two actors: it would be skipped on a machine with two processors.
 */
public final class WordStress {
    private static final SlotTable TABLE = new SlotTable();

    private WordStress() {}

    static final class Plain extends TimeoutRegistration {
        Plain() {
            super(null);
        }

        @Override
        protected void expired() {}

        @Override
        public String toString() {
            return "plain";
        }
    }

    private static Plain registered() {
        Plain registration = new Plain();
        TABLE.register(registration);
        return registration;
    }

    /** Dispatches and a deregistration: the last reference goes exactly once, and then no word is left LIVE. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "one finalizer, no call after deregistration")
    @Outcome(expect = Expect.FORBIDDEN, desc = "none or several finalizers, or a call after deregistration")
    @State
    public static class OneFinalizer {
        private final Plain registration = registered();
        private final AtomicInteger last = new AtomicInteger();
        private final AtomicInteger late = new AtomicInteger();
        private volatile boolean removed;

        @Actor
        public void dispatch() {
            call();
            call();
        }

        private void call() {
            boolean after = removed;
            if (TABLE.retain(registration)) {
                if (after) {
                    late.incrementAndGet();
                }
                release();
            }
        }

        private void release() {
            if (TABLE.release(registration)) {
                last.incrementAndGet();
            }
        }

        @Actor
        public void deregister() {
            if (TABLE.disable(registration)) {
                removed = true;
                release();
            }
        }

        @Arbiter
        public void arbiter(II_Result result) {
            result.r1 = last.get();
            result.r2 = late.get();
            TABLE.finalized(registration);
        }
    }

    /** A deregistration and the claim of a one-shot timeout: exactly one of them wins. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "one winner")
    @Outcome(expect = Expect.FORBIDDEN, desc = "none or several winners")
    @State
    public static class OneDisable {
        private final Plain registration = registered();
        private final AtomicInteger winners = new AtomicInteger();

        @Actor
        public void deregister() {
            disable();
        }

        @Actor
        public void claim() {
            disable();
        }

        private void disable() {
            if (TABLE.disable(registration)) {
                winners.incrementAndGet();
            }
        }

        @Arbiter
        public void arbiter(I_Result result) {
            result.r1 = winners.get();
            TABLE.finalized(registration);
        }
    }

    /** Who sees a slot LIVE sees its occupant; who retains it sees what was written before the registration. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 0", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "not seen, or seen whole")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a LIVE slot without its occupant, or an occupant in part")
    @State
    public static class Publication {
        private final Plain registration = new Plain();
        private int plain;

        @Actor
        public void register() {
            plain = 1;
            TABLE.register(registration);
        }

        @Actor
        public void look(II_Result result) {
            int slot = registration.slot;
            result.r1 = 1;
            if (slot < 0) {
                return;
            }
            // Only the word's generation counts: what was read of the registration itself may be old.
            long word = TABLE.word(slot);
            Registration occupant = TABLE.occupant(slot);
            if (StateWord.state(word) == StateWord.LIVE && occupant == registration) {
                result.r2 = plain;
                result.r1 = StateWord.generation(word) == occupant.generation && plain == 1 ? 1 : -1;
            }
        }

        @Arbiter
        public void arbiter() {
            TABLE.withdraw(registration);
        }
    }
}
