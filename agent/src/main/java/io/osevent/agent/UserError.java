package io.osevent.agent;

/** Something the user can put right: one line, no stack trace, an exit code. */
final class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The command line or the configuration is wrong. */
    static final int USAGE = 2;

    /** The environment does not allow it. */
    static final int FAILED = 1;

    private final int exitCode;

    UserError(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
