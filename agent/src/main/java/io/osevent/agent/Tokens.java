package io.osevent.agent;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tokens, compared in a time that does not depend on them. */
final class Tokens {

    /**
     * A token.
     *
     * @param name whose it is, for the audit
     * @param role what it allows
     * @param secret the token itself
     */
    record Token(String name, Role role, String secret) {}

    private final List<Token> all;

    Tokens(List<Token> all) {
        this.all = List.copyOf(all);
    }

    Tokens with(Token token) {
        List<Token> more = new ArrayList<>(all);
        more.add(token);
        return new Tokens(more);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Compares with every token, and with the same number of steps for each. */
    Optional<Token> find(String secret) {
        byte[] given = digest(secret);
        Token found = null;
        for (Token token : all) {
            if (MessageDigest.isEqual(given, digest(token.secret()))) {
                found = token;
            }
        }
        return Optional.ofNullable(found);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
