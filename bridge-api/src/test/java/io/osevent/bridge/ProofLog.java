package io.osevent.bridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a proof has searched, as one small JSON file for each result in the directory that the system property
 * {@code prove.out} names; nothing is written without it.
 */
public final class ProofLog {
    private ProofLog() {}

    /** A search that held: so many states, schedules or iterations. */
    public static void held(String name, String kind, long searched, String unit) {
        write(
                name,
                "\"kind\":\"" + kind + "\",\"searched\":" + searched + ",\"unit\":\"" + unit
                        + "\",\"outcome\":\"held\"");
    }

    /** A weakened variant that the same test has caught. */
    public static void caught(String name, long searched, String unit, String how) {
        write(
                name,
                "\"kind\":\"control\",\"searched\":" + searched + ",\"unit\":\"" + unit
                        + "\",\"caught\":true,\"outcome\":\"" + escape(how) + "\"");
    }

    private static void write(String name, String fields) {
        String directory = System.getProperty("prove.out");
        if (directory == null) {
            return;
        }
        try {
            Path out = Files.createDirectories(Path.of(directory));
            Files.writeString(out.resolve(name + ".json"), "{\"name\":\"" + name + "\"," + fields + "}\n");
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the result of " + name, failure);
        }
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                escaped.append('\\');
            }
            escaped.append(c < ' ' ? ' ' : c);
        }
        return escaped.toString();
    }
}
