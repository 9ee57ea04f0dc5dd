package io.osevent.agent;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Decides who may act. */
final class Access {

    private final AgentConfig config;

    Access(AgentConfig config) {
        this.config = config;
    }

    /** Returns why a request may not act on a host, or empty. */
    Optional<Problem> refuseAction(HttpServerRequest request, HostConfig host) {
        if (config.readOnly() || host.readOnly()) {
            return Optional.of(Problem.of(403, "Read-only", "host " + host.id() + " is served read-only"));
        }
        String secret = bearer(request);
        if (secret == null) {
            return host.isTest() && config.tokens().isEmpty() ? Optional.empty() : Optional.of(missing(host));
        }
        Optional<Tokens.Token> token = config.tokens().find(secret);
        if (token.isEmpty()) {
            return Optional.of(Problem.of(401, "Unknown token", "the token given is none of this agent's"));
        }
        if (token.get().role() != Role.OPERATOR) {
            return Optional.of(
                    Problem.of(403, "Role too low", "token '" + token.get().name() + "' may look, but not act"));
        }
        return Optional.empty();
    }

    /** Returns who acts, for the audit. */
    String actor(HttpServerRequest request) {
        String secret = bearer(request);
        return secret == null
                ? "anonymous"
                : config.tokens().find(secret).map(Tokens.Token::name).orElse("unknown");
    }

    private Problem missing(HostConfig host) {
        String how = config.tokens().isEmpty()
                ? "actions on " + host.uri() + " need a token: start the agent with --token-file FILE, then send it"
                : "send a token";
        return Problem.of(401, "Token required", how + " as 'Authorization: Bearer TOKEN'");
    }

    private static String bearer(HttpServerRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? header.substring(7).trim()
                : null;
    }
}
