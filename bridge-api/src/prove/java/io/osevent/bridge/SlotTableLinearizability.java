package io.osevent.bridge;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Calls, deregistrations and registrations on the table of slots give what they would give one after the other, whatever
 * their interleaving; slots are used again, under few generations, so that they are retired too.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:1")
public class SlotTableLinearizability {
    private static final int LAST_GENERATION = 3;

    static final class Keyed extends TimeoutRegistration {
        Keyed() {
            super(null);
        }

        @Override
        protected void expired() {}

        @Override
        public String toString() {
            return "keyed";
        }
    }

    private final SlotTable table = newTable();
    private final AtomicReferenceArray<Keyed> holders = new AtomicReferenceArray<>(2);

    /** Weakened by the control. */
    SlotTable newTable() {
        return new SlotTable(LAST_GENERATION);
    }

    /** A dispatch: true if it was let in. */
    @Operation
    public boolean call(@Param(name = "key") int key) {
        Keyed registration = holders.get(key);
        if (registration == null || !table.retain(registration)) {
            return false;
        }
        release(registration);
        return true;
    }

    /** Registers under a key that is free. */
    @Operation
    public boolean add(@Param(name = "key") int key) {
        Keyed fresh = new Keyed();
        table.register(fresh);
        if (holders.compareAndSet(key, null, fresh)) {
            return true;
        }
        table.disable(fresh);
        release(fresh);
        return false;
    }

    /** Deregisters what is under a key; false if nothing is. */
    @Operation
    public boolean remove(@Param(name = "key") int key) {
        Keyed registration = holders.getAndSet(key, null);
        if (registration == null) {
            return false;
        }
        if (!table.disable(registration)) {
            throw new IllegalStateException("disabled by nobody else");
        }
        release(registration);
        return true;
    }

    /** A token names its registration, or nobody once that has gone. */
    @Operation
    public boolean lookUp(@Param(name = "key") int key) {
        Keyed registration = holders.get(key);
        if (registration == null) {
            return true;
        }
        Registration found = table.lookUp(registration.token());
        return found == null || found == registration;
    }

    private void release(Keyed registration) {
        if (table.release(registration)) {
            table.finalized(registration);
        }
    }

    /** A control: adds a reference first, and never looks at the state. */
    public static class RetainWithoutCheck extends SlotTableLinearizability {
        @Override
        SlotTable newTable() {
            return new SlotTable(LAST_GENERATION) {
                @Override
                boolean retain(Registration registration) {
                    long word;
                    do {
                        word = word(registration.slot);
                    } while (!compareAndSet(registration.slot, word, word + 1));
                    return true;
                }
            };
        }
    }

    private static ModelCheckingOptions modelChecking() {
        return new ModelCheckingOptions()
                // A new block is nobody else's yet, and its loop no livelock.
                .addGuarantee(ManagedStrategyGuaranteeKt.forClasses(SlotTable.class.getName() + "$Block")
                        .allMethods()
                        .treatAsAtomic());
    }

    public static void main(String[] arguments) {
        long end = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000_000L;
        int rounds = 0;
        long invocations = 0;
        do {
            modelChecking()
                    .iterations(6)
                    .invocationsPerIteration(1_000)
                    .threads(2)
                    .actorsPerThread(3)
                    .actorsBefore(1)
                    .actorsAfter(1)
                    .check(SlotTableLinearizability.class);
            new StressOptions()
                    .iterations(6)
                    .invocationsPerIteration(2_000)
                    .threads(3)
                    .actorsPerThread(3)
                    .check(SlotTableLinearizability.class);
            rounds++;
            invocations += 6 * 1_000 + 6 * 2_000;
        } while (System.nanoTime() < end);
        System.out.println(rounds + " rounds, " + invocations + " invocations at most");
        ProofLog.held("lincheck-SlotTable", "lincheck", rounds * 12L, "iterations");
        control();
        System.exit(0);
    }

    private static void control() {
        try {
            modelChecking()
                    .iterations(30)
                    .invocationsPerIteration(2_000)
                    .threads(2)
                    .actorsPerThread(3)
                    .minimizeFailedScenario(false)
                    .check(RetainWithoutCheck.class);
        } catch (LincheckAssertionError caught) {
            String how = caught.getMessage().strip().lines().findFirst().orElse("");
            System.out.println("control caught: " + how);
            ProofLog.caught("lincheck-SlotTable-control", 30, "iterations", how);
            return;
        }
        System.err.println("the control was not caught: the search proves nothing");
        System.exit(1);
    }
}
