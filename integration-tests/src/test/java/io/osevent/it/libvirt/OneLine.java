package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a user gets to read when something cannot be had: one clear line. */
final class OneLine {
    private static final int LONGEST = 400;

    private OneLine() {}

    static void check(Throwable failure) {
        String message = failure.getMessage();
        assertFalse(message == null || message.isBlank(), () -> failure + " says nothing");
        assertTrue(message.lines().count() == 1 && message.length() <= LONGEST, () -> "not one line: " + message);
        assertFalse(message.contains("Exception"), () -> "class names are not for users: " + message);
    }
}
