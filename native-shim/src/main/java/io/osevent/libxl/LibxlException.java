package io.osevent.libxl;

import io.osevent.bridge.Errno;

/** libxl refused a call, or an operation has failed. */
public final class LibxlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** {@code ERROR_FAIL}: no more is known but from the log. */
    public static final int FAIL = -3;

    /** {@code ERROR_NOMEM}. */
    public static final int NOMEM = -5;

    /** {@code ERROR_INVAL}: an argument makes no sense. */
    public static final int INVAL = -6;

    /** {@code ERROR_TIMEDOUT}: nobody answered in time. */
    public static final int TIMEDOUT = -9;

    /** {@code ERROR_OSEVENT_REG_FAIL}: a hook of ours refused to register. */
    public static final int OSEVENT_REG_FAIL = -12;

    /** {@code ERROR_DOMAIN_NOTFOUND}. */
    public static final int DOMAIN_NOTFOUND = -21;

    /** {@code ERROR_ABORTED}: the operation was cut short on request. */
    public static final int ABORTED = -22;

    private static final String[] NAMES = {
        "OK",
        "NONSPECIFIC",
        "VERSION",
        "FAIL",
        "NI",
        "NOMEM",
        "INVAL",
        "BADFAIL",
        "GUEST_TIMEDOUT",
        "TIMEDOUT",
        "NOPARAVIRT",
        "NOT_READY",
        "OSEVENT_REG_FAIL",
        "BUFFERFULL",
        "UNKNOWN_CHILD",
        "LOCK_FAIL",
        "JSON_CONFIG_EMPTY",
        "DEVICE_EXISTS",
        "CHECKPOINT_DEVOPS_DOES_NOT_MATCH",
        "CHECKPOINT_DEVICE_NOT_SUPPORTED",
        "VNUMA_CONFIG_INVALID",
        "DOMAIN_NOTFOUND",
        "ABORTED",
        "NOTFOUND",
        "DOMAIN_DESTROYED",
        "FEATURE_REMOVED",
        "PROTOCOL_ERROR_QMP",
        "UNKNOWN_QMP_ERROR",
        "QMP_GENERIC_ERROR",
        "QMP_COMMAND_NOT_FOUND",
        "QMP_DEVICE_NOT_ACTIVE",
        "QMP_DEVICE_NOT_FOUND",
        "QEMU_API",
    };

    /** What was called. */
    private final String function;

    /** libxl's result. */
    private final int rc;

    /**
     * Names a failure.
     *
     * @param function the function of libxl
     * @param rc its result: one of libxl's negative numbers, or a positive error number of a hook
     * @param hint what libxl logged as its reason; empty if that is not known
     */
    public LibxlException(String function, int rc, String hint) {
        super(function + " failed with " + name(rc) + (hint.isEmpty() ? "" : ": " + hint));
        this.function = function;
        this.rc = rc;
    }

    /**
     * The function of libxl that failed.
     *
     * @return its name
     */
    public String function() {
        return function;
    }

    /**
     * libxl's result.
     *
     * @return one of libxl's negative numbers, or a positive error number of a hook
     */
    public int rc() {
        return rc;
    }

    /**
     * The name of one of libxl's results.
     *
     * @param rc a result
     * @return such as {@code "ERROR_TIMEDOUT (-9)"}
     */
    public static String name(int rc) {
        boolean known = rc < 0 && -rc < NAMES.length;
        return known
                ? "ERROR_" + NAMES[-rc] + " (" + rc + ")"
                : rc > 0 ? Errno.name(rc) + " from an event hook" : "result " + rc;
    }
}
