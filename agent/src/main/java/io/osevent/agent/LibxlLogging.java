package io.osevent.agent;

import java.util.logging.Level;
import java.util.logging.Logger;

/** libxl's own log, which would repeat on standard error what each failure says anyway. */
final class LibxlLogging {

    /** Held, for a logger that nobody holds forgets its level. */
    private static final Logger LOG = Logger.getLogger("io.osevent.libxl");

    private LibxlLogging() {}

    /** Silences it, unless somebody has said what is to be logged. */
    static void silence() {
        if (System.getProperty("java.util.logging.config.file") == null) {
            LOG.setLevel(Level.OFF);
        }
    }
}
