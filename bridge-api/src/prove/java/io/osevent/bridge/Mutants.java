package io.osevent.bridge;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Weakens a scratch copy of the core one line at a time and runs the proofs on each copy. A mutant that no proof catches
 * means that the proofs would not notice that mistake. A copy without any change has to pass first.
 *
 * <p>Usage: {@code Mutants SOURCES SPECIFICATION SCRATCH RESULT [NAME...]}; the class path is that of the proofs, with the
 * core's own classes as the system property {@code core.classes} names them.
 */
public final class Mutants {
    private record Mutant(String name, String file, String old, String replacement) {}

    private record Outcome(Mutant mutant, boolean caught, String by, String how, long millis) {}

    private record Run(int exit, boolean ended, String output) {}

    private static final int SIMULATION_SECONDS = 180;
    private static final int TESTS_SECONDS = 300;

    private final Path sources;
    private final Path scratch;
    private final String schedules = System.getProperty("mutants.schedules", "40000");

    private Mutants(Path sources, Path scratch) {
        this.sources = sources;
        this.scratch = scratch;
    }

    public static void main(String[] arguments) throws Exception {
        Mutants mutants = new Mutants(Path.of(arguments[0]), Path.of(arguments[2]));
        List<String> wanted = List.of(arguments).subList(4, arguments.length);
        List<Mutant> all = parse(Files.readString(Path.of(arguments[1])));
        List<Mutant> chosen = all.stream()
                .filter(m -> wanted.isEmpty() || wanted.contains(m.name()))
                .collect(Collectors.toList());
        if (chosen.isEmpty()) {
            System.err.println("no mutant has such a name");
            System.exit(2);
        }
        mutants.requireThatAllApply(chosen);
        Outcome unchanged = mutants.tryOut(new Mutant("unchanged", "StateWord.java", "", ""));
        if (unchanged.caught()) {
            System.err.println("the unchanged core fails, so a mutant's failure says nothing: " + unchanged.how());
            System.exit(2);
        }
        List<Outcome> outcomes = mutants.tryAll(chosen);
        report(outcomes, Path.of(arguments[3]));
        System.exit(outcomes.stream().allMatch(Outcome::caught) ? 0 : 1);
    }

    private static List<Mutant> parse(String text) {
        List<Mutant> mutants = new ArrayList<>();
        for (String block : text.split("(?m)^== ")) {
            List<String> lines = block.lines().collect(Collectors.toList());
            String[] head = lines.get(0).split(" ");
            if (head.length == 2) {
                mutants.add(new Mutant(head[0], head[1], marked(lines, '-'), marked(lines, '+')));
            }
        }
        return mutants;
    }

    private static String marked(List<String> lines, char mark) {
        return lines.stream()
                .skip(1)
                .filter(l -> !l.isEmpty() && l.charAt(0) == mark)
                .map(l -> l.substring(1))
                .collect(Collectors.joining("\n"));
    }

    private List<Outcome> tryAll(List<Mutant> mutants) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        List<Future<Outcome>> running = new ArrayList<>();
        for (Mutant mutant : mutants) {
            running.add(pool.submit(() -> tryOut(mutant)));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome> one : running) {
            outcomes.add(one.get());
            print(outcomes.get(outcomes.size() - 1));
        }
        pool.shutdown();
        return outcomes;
    }

    private Outcome tryOut(Mutant mutant) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Path classes = compile(mutant);
        String[] simulation = {"io.osevent.bridge.sim.SimulationMain", schedules};
        Run run = run(classes, SIMULATION_SECONDS, simulation);
        String by = "simulation";
        if (run.ended() && run.exit() == 0) {
            run = run(
                    classes,
                    TESTS_SECONDS,
                    "io.osevent.bridge.RunTests",
                    "io.osevent.bridge",
                    ".*Test",
                    ".*\\.Simulation.*");
            by = "tests";
        }
        boolean caught = !run.ended() || run.exit() != 0;
        String how = run.ended() ? firstLine(run.output()) : "no end in time";
        long millis = (System.nanoTime() - start) / 1_000_000;
        return new Outcome(mutant, caught, caught ? by : "nobody", caught ? how : "", millis);
    }

    private static String firstLine(String output) {
        return output.lines()
                .filter(l -> l.startsWith("seed ") || l.startsWith("FAILED"))
                .findFirst()
                .orElse(output.lines().findFirst().orElse("no output"));
    }

    private Path compile(Mutant mutant) throws IOException {
        Path home = scratch.resolve(mutant.name());
        Path copy = home.resolve("src");
        Path classes = Files.createDirectories(home.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of("-nowarn", "--release", "17", "-d", classes.toString()));
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path target = copy.resolve(sources.relativize(file).toString());
                Files.createDirectories(target.getParent());
                String text = Files.readString(file);
                Files.writeString(target, target.endsWith(mutant.file()) ? weaken(mutant, text) : text);
                if (!target.endsWith("module-info.java")) {
                    arguments.add(target.toString());
                }
            }
        }
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler().run(null, errors, errors, arguments.toArray(String[]::new));
        if (result != 0) {
            throw new IllegalStateException(mutant.name() + " does not compile: " + errors);
        }
        return classes;
    }

    private void requireThatAllApply(List<Mutant> mutants) throws IOException {
        List<String> stale = new ArrayList<>();
        for (Mutant mutant : mutants) {
            try {
                weaken(
                        mutant,
                        Files.readString(sources.resolve("io/osevent/bridge").resolve(mutant.file())));
            } catch (IllegalStateException notOnce) {
                stale.add(notOnce.getMessage());
            }
        }
        if (!stale.isEmpty()) {
            stale.forEach(System.err::println);
            System.exit(2);
        }
    }

    private static String weaken(Mutant mutant, String text) {
        if (mutant.old().isEmpty()) {
            return text;
        }
        int first = text.indexOf(mutant.old());
        if (first < 0 || text.indexOf(mutant.old(), first + 1) >= 0) {
            throw new IllegalStateException(
                    mutant.name() + ": its lines are not in " + mutant.file() + " exactly once; bring it up to date");
        }
        return text.substring(0, first)
                + mutant.replacement()
                + text.substring(first + mutant.old().length());
    }

    private Run run(Path classes, int seconds, String... main) throws IOException, InterruptedException {
        Path output = classes.resolveSibling(main[0] + ".log");
        String core = Path.of(System.getProperty("core.classes")).toString();
        String classPath = classes
                + File.pathSeparator
                + Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(p -> !p.equals(core))
                        .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                classPath));
        command.addAll(List.of(main));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        return new Run(ended ? process.exitValue() : -1, ended, Files.readString(output, StandardCharsets.UTF_8));
    }

    private static void print(Outcome o) {
        System.out.printf(
                Locale.ROOT,
                "%-50s %-10s %6d ms  %s%n",
                o.mutant().name(),
                o.caught() ? o.by() : "MISSED",
                o.millis(),
                o.how().length() > 110 ? o.how().substring(0, 110) : o.how());
    }

    private static void report(List<Outcome> outcomes, Path result) {
        long caught = outcomes.stream().filter(Outcome::caught).count();
        System.out.println(caught + " of " + outcomes.size() + " mutants caught");
        String json = outcomes.stream()
                .map(o -> "{\"name\":\"" + o.mutant().name() + "\",\"file\":\""
                        + o.mutant().file() + "\",\"caught\":" + o.caught() + ",\"by\":\"" + o.by()
                        + "\",\"outcome\":\"" + o.how().replace("\\", "\\\\").replace("\"", "\\\"") + "\"}")
                .collect(Collectors.joining(
                        ",\n    ",
                        "{\"mutants\": [\n    ",
                        "\n], \"caught\": " + caught + ", \"of\": " + outcomes.size() + "}\n"));
        try {
            Files.createDirectories(result.toAbsolutePath().getParent());
            Files.writeString(result, json);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
