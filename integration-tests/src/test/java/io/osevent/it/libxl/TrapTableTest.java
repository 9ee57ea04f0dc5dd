package io.osevent.it.libxl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of libxl's traps names tests that there are. */
class TrapTableTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path GUIDE = ROOT.resolve("docs/libxl.md");
    private static final String HEADING = "| Trap | How it is handled | Test |";
    private static final Pattern NAMED = Pattern.compile("`([^`]+)`");
    private static final Pattern METHOD = Pattern.compile("([A-Z]\\w+)(?:\\.([a-z]\\w+))?");
    private static final String CLOSING = "closing ";

    @Test
    void eachTrapHasATestThatThereIs() throws Exception {
        List<String> rows = rows();
        assertTrue(rows.size() > 30, () -> "only " + rows.size() + " traps");
        TreeSet<String> unknown = new TreeSet<>();
        for (String row : rows) {
            String[] cells = row.split("\\|");
            assertEquals(4, cells.length, row);
            List<String> tests =
                    NAMED.matcher(cells[3]).results().map(name -> name.group(1)).toList();
            assertFalse(tests.isEmpty(), row);
            for (String test : tests) {
                if (!isThere(test)) {
                    unknown.add(test);
                }
            }
        }
        assertEquals(new TreeSet<>(), unknown);
    }

    @Test
    void aTestThatIsNotThereIsSeen() throws Exception {
        assertFalse(isThere("TrapTableTest.noSuchTest"));
        assertFalse(isThere("NoSuchTest"));
        assertFalse(isThere("no such play"));
        assertTrue(isThere("TrapTableTest.aTestThatIsNotThereIsSeen"));
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(GUIDE).stream()
                .dropWhile(line -> !line.equals(HEADING))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    /** A class of tests, one method of it, or a play in rig A. */
    private static boolean isThere(String test) throws IOException {
        var method = METHOD.matcher(test);
        if (method.matches()) {
            return sources(method.group(1)).stream()
                    .anyMatch(source -> method.group(2) == null || source.contains("void " + method.group(2) + "("));
        }
        String play = test.startsWith(CLOSING) ? test.substring(CLOSING.length()) : test;
        return Scenarios.all().containsKey(play)
                || Extras.all().containsKey(play)
                || Extras.leaking().containsKey(play)
                || play.equals("xenstored_killed");
    }

    private static List<String> sources(String type) throws IOException {
        String file = type + ".java";
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(TrapTableTest::files)
                    .filter(path -> path.endsWith(file))
                    .map(TrapTableTest::read)
                    .toList();
        }
    }

    private static Stream<Path> files(Path directory) {
        try {
            return Files.walk(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
