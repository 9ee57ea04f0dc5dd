package io.osevent.it.faults;

/**
 * What one injection of a fault did.
 *
 * @param injected how often the fault was put in
 * @param expected how often its symptom must show
 * @param seen how often it did show, in the fault's metric
 * @param delivered events that the library or the kernel had for the bridge meanwhile
 * @param lost how many of these did not arrive
 */
record Outcome(long injected, long expected, long seen, long delivered, long lost) {
    static final Outcome NONE = new Outcome(0, 0, 0, 0, 0);

    /** A fault that concerns no events. */
    static Outcome of(long injected, long expected, long seen) {
        return new Outcome(injected, expected, seen, 0, 0);
    }

    Outcome events(long deliveredEvents, long arrived) {
        return new Outcome(injected, expected, seen, deliveredEvents, deliveredEvents - arrived);
    }

    Outcome plus(Outcome other) {
        return new Outcome(
                injected + other.injected,
                expected + other.expected,
                seen + other.seen,
                delivered + other.delivered,
                lost + other.lost);
    }

    boolean isGood() {
        return injected > 0 && expected == seen && lost == 0;
    }
}
