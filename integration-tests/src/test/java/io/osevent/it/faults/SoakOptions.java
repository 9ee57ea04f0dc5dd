package io.osevent.it.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long, from which seed, what, and where to.
 *
 * @param duration at least this long, and until every fault was put in once
 * @param seed where all choices come from
 * @param only beginnings of names of faults; all faults if empty
 * @param json where the result goes
 */
record SoakOptions(Duration duration, long seed, List<String> only, Optional<Path> json) {
    static final String USAGE = "usage: bin/soak [--minutes N] [--seed S] [--json FILE] [--only NAME,...] [--list]";

    /** An option that cannot be understood, in one line. */
    static final class BadOption extends Exception {
        private static final long serialVersionUID = 1;

        BadOption(String message) {
            super(message);
        }
    }

    static SoakOptions parse(List<String> arguments) throws BadOption {
        Duration duration = Duration.ofMinutes(1);
        long seed = System.nanoTime();
        List<String> only = List.of();
        Optional<Path> json = Optional.empty();
        for (int i = 0; i < arguments.size(); i += 2) {
            String option = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new BadOption(option + " needs a value; " + USAGE);
            }
            String value = arguments.get(i + 1);
            try {
                switch (option) {
                    case "--minutes" -> duration = Duration.ofSeconds(Math.round(Double.parseDouble(value) * 60));
                    case "--seed" -> seed = Long.parseLong(value);
                    case "--only" -> only = List.of(value.split(","));
                    case "--json" -> json = Optional.of(Path.of(value));
                    default -> throw new BadOption("unknown option " + option + "; " + USAGE);
                }
            } catch (NumberFormatException e) {
                throw new BadOption(option + " takes a number, not '" + value + "'");
            }
        }
        if (duration.isNegative()) {
            throw new BadOption("--minutes takes a number that is not negative");
        }
        return new SoakOptions(duration, seed, only, json);
    }

    boolean picks(Fault fault) {
        return only.isEmpty() || only.stream().anyMatch(fault.name()::startsWith);
    }
}
