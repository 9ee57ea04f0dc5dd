package io.osevent.vertx.libvirt;

/**
 * What went wrong in a call to libvirt: its own code, domain and message, and a {@link Kind} to decide by.
 */
public final class LibvirtFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What a caller can do about a failure. */
    public enum Kind {
        /** There is no such domain. */
        UNKNOWN_DOMAIN,
        /** The domain's present state forbids the operation. */
        INVALID_STATE,
        /** The driver or the daemon cannot do this at all. */
        UNSUPPORTED,
        /** An argument is malformed, the URI among them. */
        INVALID_ARGUMENT,
        /** Authentication failed, or the connection is read-only. */
        ACCESS_DENIED,
        /** The connection is gone, or could not be made: daemon down, socket missing. */
        CONNECTION_LOST,
        /** No answer within the bound. */
        TIMEOUT,
        /** The client library itself is not there. */
        LIBRARY_MISSING,
        /** Anything else that libvirt reports. */
        OTHER
    }

    private final Kind kind;
    private final String code;
    private final String domain;

    /**
     * Creates a failure.
     *
     * @param kind what a caller can do about it
     * @param code libvirt's error number by name, or an empty string if libvirt was not reached
     * @param domain libvirt's error domain by name, or an empty string
     * @param message one line for a human
     * @param cause the exception behind it, or null
     */
    public LibvirtFailure(Kind kind, String code, String domain, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
        this.domain = domain;
    }

    /**
     * Returns what a caller can do about it.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns libvirt's error number by name, such as {@code VIR_ERR_NO_DOMAIN}.
     *
     * @return the name, empty if libvirt was not reached
     */
    public String code() {
        return code;
    }

    /**
     * Returns the part of libvirt that reported the error, such as {@code VIR_FROM_TEST}.
     *
     * @return the name, empty if libvirt was not reached
     */
    public String domain() {
        return domain;
    }

    LibvirtFailure as(Kind other) {
        return new LibvirtFailure(other, code, domain, getMessage(), getCause());
    }

    static LibvirtFailure lost(String message) {
        return new LibvirtFailure(Kind.CONNECTION_LOST, "", "", message, null);
    }

    static LibvirtFailure timeout(String message) {
        return new LibvirtFailure(Kind.TIMEOUT, "", "", message, null);
    }
}
