package io.osevent.it.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java in the documents is that of the classes beside this one, which are compiled. */
class DocumentationTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path EXAMPLES = Path.of("src/test/java/io/osevent/it/examples");
    private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/libvirt-for-vertx.md"})
    void itsJavaIsCompiled(String document) throws Exception {
        List<String> sources = sources();
        List<String> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(ROOT.resolve(document)));
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        assertFalse(blocks.isEmpty(), document + " shows no Java");
        for (String block : blocks) {
            assertTrue(
                    sources.stream().anyMatch(source -> source.contains(bare(block))),
                    document + " shows what no example holds:\n" + block);
        }
    }

    @Test
    void aDifferenceIsSeen() throws Exception {
        assertFalse(sources().stream().anyMatch(source -> source.contains(bare("connection.eventz();"))));
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            List<String> sources = new ArrayList<>();
            for (Path file : files.filter(path -> !path.endsWith("DocumentationTest.java"))
                    .toList()) {
                sources.add(bare(Files.readString(file)));
            }
            return sources;
        }
    }

    /** Neither line breaks nor comments make a difference; the slashes of a URI are no comment. */
    private static String bare(String java) {
        return java.replaceAll("(?m)(^|\\s)//.*$", "").replaceAll("\\s+", "");
    }
}
