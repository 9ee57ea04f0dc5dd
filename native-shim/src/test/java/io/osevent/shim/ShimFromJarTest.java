package io.osevent.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the shim is found by a user's JVM, which has the library as a jar. */
class ShimFromJarTest {
    private static final String RESOURCE = Platform.RESOURCE_PREFIX + "/libosevent.so";

    @TempDir
    private Path directory;

    @Test
    void itIsUnpackedLoadedAndDeleted() throws Exception {
        BuiltShim.assume();
        assertEquals(List.of("shim works"), run(jar(entry -> true)));
        try (Stream<Path> left = Files.list(directory.resolve("tmp"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void withoutItPlainJnaServes() throws Exception {
        assertEquals(
                List.of("jna works", "this build has no C shim for the machine (" + RESOURCE + ")"),
                run(jar(entry -> !entry.equals(RESOURCE))));
    }

    @Test
    void aBrokenOneIsSaidInOneLineAndPlainJnaServes() throws Exception {
        List<String> lines = run(jar(entry -> true), "-Dio.osevent.shim.path=" + directory.resolve("none.so"));
        assertEquals(2, lines.size(), lines::toString);
        assertEquals("jna works", lines.get(0));
        assertTrue(lines.get(1).contains("none.so"), lines.get(1));
    }

    /** The module's classes in a jar, as far as the filter lets them through. */
    private Path jar(Predicate<String> filter) throws IOException, URISyntaxException {
        Path classes = Path.of(
                Seam.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path jar = directory.resolve("native-shim.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(path).toString().replace(File.separatorChar, '/');
                if (filter.test(name)) {
                    zip.putNextEntry(new ZipEntry(name));
                    Files.copy(path, zip);
                    zip.closeEntry();
                }
            }
        }
        return jar;
    }

    private List<String> run(Path jar, String... options) throws Exception {
        Path classes = Path.of(
                Seam.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String classPath = System.getProperty("java.class.path").replace(classes.toString(), jar.toString());
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        List<String> all = new ArrayList<>(List.of(options));
        all.add("-Djna.tmpdir=" + temporary);
        return ChildJvm.run(classPath, BestSeamMain.class, all.toArray(String[]::new));
    }
}
