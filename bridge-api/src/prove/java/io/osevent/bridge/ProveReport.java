package io.osevent.bridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Merges the results of all proofs into one file, and judges them: every kind of proof has to be there, and every control
 * has to have been caught.
 *
 * <p>Usage: {@code ProveReport RESULTS_DIRECTORY STEPS_FILE RESULT}; each line of the steps file is a step's name, its exit
 * status and its seconds.
 */
public final class ProveReport {
    private static final List<String> KINDS =
            List.of("replay", "explorer", "simulation", "jcstress", "lincheck", "native", "control");

    private ProveReport() {}

    private static String field(String json, String name) {
        Matcher value = Pattern.compile("\"" + name + "\":\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[^,}\\s]+)")
                .matcher(json);
        return value.find() ? value.group(1).replaceAll("^\"|\"$", "") : "";
    }

    public static void main(String[] arguments) throws IOException {
        List<String> results = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            for (Path file : files.sorted().toList()) {
                results.add(Files.readString(file).strip());
            }
        }
        List<String> problems = new ArrayList<>();
        Map<String, Integer> seen = new TreeMap<>();
        for (String result : results) {
            String kind = field(result, "kind");
            seen.merge(kind, 1, Integer::sum);
            if (kind.equals("control") && !field(result, "caught").equals("true")) {
                problems.add("control " + field(result, "name") + " was not caught");
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %-60s %12s %-10s %s%n",
                    kind,
                    field(result, "name"),
                    field(result, "searched"),
                    field(result, "unit"),
                    kind.equals("control") ? "caught" : field(result, "outcome"));
        }
        KINDS.stream().filter(k -> !seen.containsKey(k)).forEach(k -> problems.add("no result of kind " + k));
        List<String> steps = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(arguments[1]))) {
            String[] step = line.split(" ");
            steps.add("{\"step\":\"" + step[0] + "\",\"status\":" + step[1] + ",\"seconds\":" + step[2] + "}");
            if (!step[1].equals("0")) {
                problems.add("step " + step[0] + " failed, see target/prove/logs/" + step[0] + ".log");
            }
        }
        String json = "{\"held\": " + problems.isEmpty() + ",\n\"problems\": ["
                + problems.stream().map(p -> "\"" + p + "\"").collect(Collectors.joining(", "))
                + "],\n\"steps\": [\n  " + String.join(",\n  ", steps)
                + "\n],\n\"results\": [\n  " + String.join(",\n  ", results) + "\n]}\n";
        Files.writeString(Path.of(arguments[2]), json);
        System.out.println(seen + " in " + arguments[2]);
        problems.forEach(p -> System.err.println("prove: " + p));
        System.exit(problems.isEmpty() ? 0 : 1);
    }
}
