package io.osevent.agent;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/** Decides who may look and who may act. */
final class Access {

    private final AgentConfig config;
    private final Sessions sessions = new Sessions();

    Access(AgentConfig config) {
        this.config = config;
    }

    /** Returns why a request may not look, or empty. */
    Optional<Problem> refuseRead(HttpServerRequest request) {
        if (config.anonymousRead() || token(request).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(bearer(request) == null ? missing("looking needs a token") : unknown());
    }

    /** Returns why a request may not act on a host, or empty. */
    Optional<Problem> refuseAction(HttpServerRequest request, HostConfig host) {
        if (config.readOnly() || host.readOnly()) {
            return Optional.of(Problem.of(403, "Read-only", "host " + host.id() + " is served read-only"));
        }
        Optional<Tokens.Token> token = token(request);
        if (token.isPresent()) {
            return token.get().role() == Role.OPERATOR
                    ? Optional.empty()
                    : Optional.of(Problem.of(
                            403, "Role too low", "token '" + token.get().name() + "' may look, but not act"));
        }
        if (bearer(request) != null) {
            return Optional.of(unknown());
        }
        if (config.tokens().isEmpty()) {
            return host.isTest()
                    ? Optional.empty()
                    : Optional.of(missing("actions on " + host.uri()
                            + " need a token, and this agent has none: start it with --token-file FILE"));
        }
        return Optional.of(missing("acting needs a token"));
    }

    /** Returns who acts, for the audit. */
    String actor(HttpServerRequest request) {
        return token(request).map(Tokens.Token::name).orElse(bearer(request) == null ? "anonymous" : "unknown");
    }

    /** Tells a page what it may offer. */
    JsonObject describe(HttpServerRequest request) {
        Optional<Tokens.Token> token = token(request);
        return new JsonObject()
                .put("name", token.map(Tokens.Token::name).orElse(null))
                .put(
                        "role",
                        token.map(found -> found.role().name().toLowerCase(Locale.ROOT))
                                .orElse(null))
                .put("mayRead", config.anonymousRead() || token.isPresent())
                .put("tokens", !config.tokens().isEmpty())
                .put("readOnly", config.readOnly())
                .put("version", config.anonymousRead() || token.isPresent() ? Version.number() : null);
    }

    /** Returns the session of a token, or empty if there is no such token. */
    Optional<String> logIn(String secret) {
        return config.tokens().find(secret).map(sessions::open);
    }

    void logOut(HttpServerRequest request) {
        Cookie cookie = request.getCookie(Sessions.COOKIE);
        if (cookie != null) {
            sessions.close(cookie.getValue());
        }
    }

    Optional<Tokens.Token> token(HttpServerRequest request) {
        String secret = bearer(request);
        if (secret != null) {
            return config.tokens().find(secret);
        }
        Cookie cookie = request.getCookie(Sessions.COOKIE);
        return cookie == null ? Optional.empty() : sessions.find(cookie.getValue());
    }

    private static Problem missing(String what) {
        return Problem.of(401, "Token required", what + ", sent as 'Authorization: Bearer TOKEN'");
    }

    private static Problem unknown() {
        return Problem.of(401, "Unknown token", "the token given is none of this agent's");
    }

    private static String bearer(HttpServerRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? header.substring(7).trim()
                : null;
    }
}
