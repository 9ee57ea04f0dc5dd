package io.osevent.vertx.libxl;

import io.osevent.libxl.LibxlException;
import io.osevent.vertx.libvirt.LibvirtFailure;
import io.osevent.vertx.libvirt.LibvirtFailure.Kind;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** libxl's failures by the kinds that a caller decides by. */
final class LibxlFailures {

    private static final int GUEST_TIMEDOUT = -8;
    private static final int NOPARAVIRT = -10;
    private static final int DOMAIN_DESTROYED = -24;

    private LibxlFailures() {}

    static LibvirtFailure of(Kind kind, String message) {
        return new LibvirtFailure(kind, "", "", message, null);
    }

    /** Why there is no context. */
    static LibvirtFailure ofOpen(Throwable cause, Duration bound) {
        if (cause instanceof TimeoutException) {
            return of(Kind.TIMEOUT, "libxl has not opened within " + bound.toMillis() + " ms");
        }
        if (cause instanceof UnsupportedOperationException || cause instanceof LinkageError) {
            return new LibvirtFailure(Kind.LIBRARY_MISSING, "", "", "no libxl here: " + line(cause), cause);
        }
        if (cause instanceof LibxlException failure) {
            return new LibvirtFailure(
                    Kind.CONNECTION_LOST, code(failure), "libxl", "no Xen here: " + line(cause), cause);
        }
        return of(cause);
    }

    static LibvirtFailure of(Throwable cause) {
        if (cause instanceof LibvirtFailure failure) {
            return failure;
        }
        if (cause instanceof LibxlException failure) {
            return new LibvirtFailure(kindOf(failure.rc()), code(failure), "libxl", line(cause), cause);
        }
        if (cause instanceof IllegalStateException) {
            // The context is closed, or broken by a disaster.
            return new LibvirtFailure(Kind.CONNECTION_LOST, "", "", line(cause), cause);
        }
        return new LibvirtFailure(Kind.OTHER, "", "", cause.getClass().getSimpleName() + ": " + line(cause), cause);
    }

    private static Kind kindOf(int rc) {
        return switch (rc) {
            case LibxlException.DOMAIN_NOTFOUND, DOMAIN_DESTROYED -> Kind.UNKNOWN_DOMAIN;
            case LibxlException.INVAL -> Kind.INVALID_ARGUMENT;
            case LibxlException.TIMEDOUT, GUEST_TIMEDOUT -> Kind.TIMEOUT;
            case NOPARAVIRT -> Kind.UNSUPPORTED;
            default -> Kind.OTHER;
        };
    }

    /** {@code "ERROR_TIMEDOUT (-9)"} without the number. */
    private static String code(LibxlException failure) {
        return LibxlException.name(failure.rc()).replaceFirst(" .*", "");
    }

    private static String line(Throwable cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no message");
    }
}
