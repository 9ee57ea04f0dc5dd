package io.osevent.bridge;

/**
 * A negative control: the same scenario as its test, on a deliberately weakened variant. A test that cannot tell the two
 * apart proves nothing, so a control that passes is a failure.
 */
final class Control {
    interface Scenario {
        void run() throws Exception;
    }

    private Control() {}

    /** Asserts that the weakened scenario fails, for the reason that its message has to contain. */
    static void mustBeCaught(String name, String reason, Scenario weakened) {
        try {
            weakened.run();
        } catch (AssertionError | Exception expected) {
            String how = String.valueOf(expected.getMessage());
            if (!how.contains(reason)) {
                throw new AssertionError("control " + name + " failed for another reason: " + how, expected);
            }
            ProofLog.caught(name, 1, "schedules", how.lines().findFirst().orElse(how));
            return;
        }
        throw new AssertionError("control " + name + " was not caught: the scenario proves nothing");
    }
}
