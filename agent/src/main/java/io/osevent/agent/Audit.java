package io.osevent.agent;

import java.io.PrintStream;
import java.time.Instant;

/** One line per action, whatever came of it. */
final class Audit {

    private final PrintStream out;

    Audit(PrintStream out) {
        this.out = out;
    }

    void action(String actor, String remote, String host, String domain, String action, String outcome) {
        String line = Instant.now() + "  audit  actor=" + actor + " from=" + remote + " host=" + host + " domain="
                + domain + " action=" + action + " outcome=" + outcome;
        out.println(line.replaceAll("\\p{Cntrl}", "?"));
    }
}
