package io.osevent.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads a token from a file, so that it stands in no list of processes. */
final class TokenFile {

    private static final int SHORTEST = 8;

    private TokenFile() {}

    static Tokens.Token operator(Path file) {
        try {
            return new Tokens.Token("token-file", Role.OPERATOR, secretIn(file));
        } catch (IllegalArgumentException e) {
            throw new UserError(UserError.USAGE, "--token-file: " + e.getMessage());
        }
    }

    static String secretIn(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return check(lines.isEmpty() ? "" : lines.get(0).trim());
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file);
        }
    }

    static String check(String secret) {
        if (secret.length() < SHORTEST) {
            throw new IllegalArgumentException("a token has at least " + SHORTEST + " characters");
        }
        return secret;
    }
}
