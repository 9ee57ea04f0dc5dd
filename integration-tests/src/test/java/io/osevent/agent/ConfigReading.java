package io.osevent.agent;

import java.nio.file.Path;
import java.util.Optional;

/** Lets tests of other packages read a configuration as the agent does. */
public final class ConfigReading {
    private ConfigReading() {}

    /**
     * Reads a file.
     *
     * @param file any file
     * @return what the agent would say about it, or empty if it would start with it
     */
    public static Optional<String> problem(Path file) {
        try {
            ConfigFile.read(file);
            return Optional.empty();
        } catch (UserError e) {
            return Optional.of(e.getMessage());
        }
    }
}
