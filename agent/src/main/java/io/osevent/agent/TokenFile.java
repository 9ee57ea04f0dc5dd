package io.osevent.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the token from a file, so that it stands in no list of processes. */
final class TokenFile {

    private TokenFile() {}

    static Tokens read(Path file) {
        if (file == null) {
            return new Tokens(List.of());
        }
        String first;
        try (var lines = Files.lines(file)) {
            first = lines.findFirst().orElse("").trim();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new UserError(UserError.USAGE, "--token-file: cannot read " + file);
        }
        if (first.length() < 8) {
            throw new UserError(
                    UserError.USAGE, "--token-file: the first line of " + file + " is shorter than 8 characters");
        }
        return new Tokens(List.of(new Tokens.Token("token-file", Role.OPERATOR, first)));
    }
}
