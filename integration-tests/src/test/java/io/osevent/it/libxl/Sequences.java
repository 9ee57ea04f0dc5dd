package io.osevent.it.libxl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The recorded hook sequences. {@code occurred_timeout} is left out of the comparison: when a loop delivers what is due
 * is its own business, and that it delivers it once is asserted elsewhere. A scenario may have variants: libxl's order is
 * a partial one then.
 */
final class Sequences {
    private static final String RECORDED = "/sequences.txt";
    private static final String DELIVERY = "occurred_timeout";

    private final Map<String, Set<List<String>>> variants = new LinkedHashMap<>();

    private Sequences() {}

    static Sequences load() throws IOException {
        Sequences sequences = new Sequences();
        try (InputStream in = Sequences.class.getResourceAsStream(RECORDED)) {
            if (in == null) {
                throw new IOException(RECORDED + " is not on the class path");
            }
            sequences.read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        }
        return sequences;
    }

    private void read(BufferedReader in) throws IOException {
        List<String> current = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            if (line.startsWith(" ")) {
                current.add(line.strip());
            } else {
                current = new ArrayList<>();
                variants.computeIfAbsent(line, key -> new LinkedHashSet<>()).add(current);
            }
        }
    }

    /** True if it is one of the scenario's recorded sequences. */
    boolean holds(String scenario, List<String> seen) {
        List<String> comparable = comparable(seen);
        return variants.getOrDefault(scenario, Set.of()).stream()
                .anyMatch(variant -> comparable(variant).equals(comparable));
    }

    String describe(String scenario) {
        return String.valueOf(variants.get(scenario));
    }

    private static List<String> comparable(List<String> lines) {
        return lines.stream().filter(line -> !line.startsWith(DELIVERY)).toList();
    }
}
