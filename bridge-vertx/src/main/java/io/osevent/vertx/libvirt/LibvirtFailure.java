package io.osevent.vertx.libvirt;

import org.libvirt.Error;
import org.libvirt.LibvirtException;

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

    static LibvirtFailure of(Throwable cause) {
        if (cause instanceof LibvirtFailure failure) {
            return failure;
        }
        if (cause instanceof LibvirtException exception && exception.getError() != null) {
            return of(exception.getError(), exception);
        }
        if (cause instanceof LinkageError) {
            return new LibvirtFailure(
                    Kind.LIBRARY_MISSING,
                    "",
                    "",
                    "libvirt.so cannot be loaded (install the package libvirt0): "
                            + firstLine(rootOf(cause).getMessage()),
                    cause);
        }
        return new LibvirtFailure(Kind.OTHER, "", "", cause.toString(), cause);
    }

    static LibvirtFailure of(Error error, Throwable cause) {
        return new LibvirtFailure(
                kindOf(error), error.getCode().name(), error.getDomain().name(), firstLine(error.getMessage()), cause);
    }

    static LibvirtFailure lost(String message) {
        return new LibvirtFailure(Kind.CONNECTION_LOST, "", "", message, null);
    }

    static LibvirtFailure timeout(String message) {
        return new LibvirtFailure(Kind.TIMEOUT, "", "", message, null);
    }

    private static Kind kindOf(Error error) {
        return switch (error.getCode()) {
            case VIR_ERR_NO_DOMAIN, VIR_ERR_INVALID_DOMAIN -> Kind.UNKNOWN_DOMAIN;
            case VIR_ERR_OPERATION_INVALID, VIR_ERR_RESOURCE_BUSY, VIR_ERR_DOM_EXIST -> Kind.INVALID_STATE;
            case VIR_ERR_NO_SUPPORT,
                    VIR_ERR_OPERATION_UNSUPPORTED,
                    VIR_ERR_ARGUMENT_UNSUPPORTED,
                    VIR_ERR_CONFIG_UNSUPPORTED -> Kind.UNSUPPORTED;
            case VIR_ERR_INVALID_ARG, VIR_ERR_XML_ERROR, VIR_ERR_NO_CONNECT -> Kind.INVALID_ARGUMENT;
            case VIR_ERR_OPERATION_DENIED,
                    VIR_ERR_AUTH_FAILED,
                    VIR_ERR_AUTH_CANCELLED,
                    VIR_ERR_AUTH_UNAVAILABLE,
                    VIR_ERR_ACCESS_DENIED -> Kind.ACCESS_DENIED;
            case VIR_ERR_INVALID_CONN,
                    VIR_ERR_RPC,
                    VIR_ERR_SYSTEM_ERROR,
                    VIR_ERR_UNKNOWN_HOST,
                    VIR_ERR_GNUTLS_ERROR,
                    VIR_ERR_NO_SERVER -> Kind.CONNECTION_LOST;
            case VIR_ERR_INTERNAL_ERROR ->
                // "client socket is closed" has no code of its own.
                String.valueOf(error.getMessage()).contains("socket is closed") ? Kind.CONNECTION_LOST : Kind.OTHER;
            case VIR_ERR_OPERATION_TIMEOUT, VIR_ERR_AGENT_UNRESPONSIVE -> Kind.TIMEOUT;
            default -> Kind.OTHER;
        };
    }

    private static Throwable rootOf(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    private static String firstLine(String text) {
        if (text == null) {
            return "no message";
        }
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
