package io.osevent.agent;

import io.osevent.vertx.libvirt.LibvirtFailure;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * What went wrong with a request, as RFC 9457 has it.
 *
 * @param status the HTTP status
 * @param title what kind of problem it is
 * @param detail what it is this time, and the way out
 * @param code the library's error code by name, or an empty string
 */
record Problem(int status, String title, String detail, String code) {

    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(int status, String title, String detail) {
        return new Problem(status, title, detail, "");
    }

    static Problem of(Throwable cause) {
        if (cause instanceof LibvirtFailure failure) {
            int status = statusOf(failure.kind());
            return new Problem(status, titleOf(failure.kind()), failure.getMessage(), failure.code());
        }
        return of(500, "Internal error", cause.getClass().getSimpleName() + ": " + cause.getMessage());
    }

    void send(HttpServerResponse response) {
        JsonObject json = new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        if (!code.isEmpty()) {
            json.put("code", code);
        }
        response.setStatusCode(status).putHeader("Content-Type", MEDIA_TYPE).end(json.encode());
    }

    private static int statusOf(LibvirtFailure.Kind kind) {
        return switch (kind) {
            case UNKNOWN_DOMAIN -> 404;
            case INVALID_STATE -> 409;
            case UNSUPPORTED -> 501;
            case INVALID_ARGUMENT -> 400;
            case ACCESS_DENIED -> 403;
            case CONNECTION_LOST, LIBRARY_MISSING -> 503;
            case TIMEOUT -> 504;
            case OTHER -> 502;
        };
    }

    private static String titleOf(LibvirtFailure.Kind kind) {
        return switch (kind) {
            case UNKNOWN_DOMAIN -> "No such domain";
            case INVALID_STATE -> "The domain's state forbids this";
            case UNSUPPORTED -> "The host cannot do this";
            case INVALID_ARGUMENT -> "Invalid argument";
            case ACCESS_DENIED -> "The host refuses this";
            case CONNECTION_LOST -> "The host is not connected";
            case LIBRARY_MISSING -> "The host's library is not installed";
            case TIMEOUT -> "The host does not answer";
            case OTHER -> "The host's library failed";
        };
    }
}
