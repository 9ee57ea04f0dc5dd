package io.osevent.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param quick fewer and shorter repetitions, and fewer rows: within three minutes
 * @param only prefixes of workload names; empty means all
 * @param systems prefixes of system names; empty means all (the C peers that others are compared with always run)
 * @param nativeDirectory where the C peers and libbenchcb.so were built
 * @param pythonDirectory where the Python peer lies
 * @param output where results go
 * @param root the built tree
 */
record Options(
        boolean quick,
        List<String> only,
        List<String> systems,
        Path nativeDirectory,
        Path pythonDirectory,
        Path output,
        Path root) {

    static final String USAGE =
            "usage: bin/bench [--quick] [--only WORKLOAD[,...]] [--systems SYSTEM[,...]] [--publish]";

    static Options parse(String[] arguments) {
        boolean quick = false;
        List<String> only = List.of();
        List<String> systems = List.of();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> quick = true;
                case "--only" -> only = list(arguments, ++i);
                case "--systems" -> systems = list(arguments, ++i);
                default -> throw new UsageException("unknown argument " + arguments[i] + "\n" + USAGE);
            }
        }
        return new Options(
                quick,
                only,
                systems,
                Path.of(System.getProperty("osevent.bench.native", "benchmarks/target/native")),
                Path.of(System.getProperty("osevent.bench.python", "benchmarks/src/main/python")),
                Path.of(System.getProperty("osevent.bench.output", "target/bench")),
                Path.of(System.getProperty("osevent.bench.root", ".")));
    }

    private static List<String> list(String[] arguments, int at) {
        if (at >= arguments.length) {
            throw new UsageException(arguments[at - 1] + " wants a value\n" + USAGE);
        }
        return List.of(arguments[at].split(","));
    }

    boolean wantsWorkload(String name) {
        return matches(only, name);
    }

    boolean wantsSystem(String name) {
        return matches(systems, name);
    }

    private static boolean matches(List<String> prefixes, String name) {
        return prefixes.isEmpty() || prefixes.stream().anyMatch(name::startsWith);
    }

    /** An error of the user, said in one line. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }
}
