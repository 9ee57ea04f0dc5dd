package io.osevent.bridge;

/** Doors to what is package-private, for simulations that live in a package of their own. */
public final class ObservedCore {
    /** How a control weakens the table of slots. */
    public enum Weakness {
        NONE,
        /** A call starts with the reference alone, whatever the state. */
        RETAIN_WITHOUT_CHECK,
        /** The finalizer is due as soon as the registration is disabled. */
        EARLY_FINALIZER
    }

    private ObservedCore() {}

    /** Opens a set whose slots are observed, or weakened. */
    public static EventSet open(
            NativePort port,
            TurnLimits limits,
            BridgeMetrics metrics,
            SlotObserver observer,
            Weakness weakness,
            int lastGeneration,
            int lastTag) {
        return EventSet.open(port, limits, metrics, new ObservedSlots(observer, weakness, lastGeneration), lastTag);
    }

    public static int backSet(EventSet set) {
        return set.backSet();
    }

    public static boolean isPaused(NativeContext context) {
        return context.isPaused();
    }

    public static String holders(NativeContext context) {
        return context.holders();
    }

    private static final class ObservedSlots extends SlotTable {
        private final SlotObserver observer;
        private final Weakness weakness;

        ObservedSlots(SlotObserver observer, Weakness weakness, int lastGeneration) {
            super(lastGeneration);
            this.observer = observer;
            this.weakness = weakness;
        }

        @Override
        boolean retain(Registration registration) {
            boolean done =
                    weakness == Weakness.RETAIN_WITHOUT_CHECK ? addOne(registration) : super.retain(registration);
            if (done) {
                observer.retained(registration);
            }
            return done;
        }

        private boolean addOne(Registration registration) {
            long word;
            do {
                word = word(registration.slot);
            } while (!compareAndSet(registration.slot, word, word + 1));
            return true;
        }

        @Override
        boolean disable(Registration registration) {
            boolean done = super.disable(registration);
            if (done) {
                observer.disabled(registration);
            }
            return done;
        }

        @Override
        boolean release(Registration registration) {
            boolean last = super.release(registration);
            if (weakness == Weakness.EARLY_FINALIZER && !last) {
                last = StateWord.state(word(registration.slot)) == StateWord.DISABLED;
            }
            return last;
        }
    }
}
