package io.osevent.bridge;

/**
 * The log, where it is the last to hear of a failure. It runs the user's handlers and may fail as well; what is left to
 * do, such as the release of a call, must be done all the same.
 */
final class FailureLog {
    private FailureLog() {}

    static void log(Class<?> source, System.Logger.Level level, String line, Throwable failure) {
        try {
            System.getLogger(source.getName()).log(level, line, failure);
        } catch (Throwable logFails) {
            // Nobody is left to tell
        }
    }
}
