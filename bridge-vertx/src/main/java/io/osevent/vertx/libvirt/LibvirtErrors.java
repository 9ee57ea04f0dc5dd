package io.osevent.vertx.libvirt;

import io.osevent.vertx.libvirt.LibvirtFailure.Kind;
import org.libvirt.Error;
import org.libvirt.LibvirtException;

/** Reads libvirt's errors. Apart from {@link LibvirtFailure}, which is there without libvirt-java, too. */
final class LibvirtErrors {

    private LibvirtErrors() {}

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
