package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a libvirt, or a seam, that can be loaded the user gets one clear line; Vert.x works and closes. */
class MissingLibvirtTest {
    private static final Duration BOUND = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    void oneClearLineSaysWhatToInstall() throws Exception {
        // What stands in libvirt's place on the library path is no library.
        Files.writeString(directory.resolve("libvirt.so.0"), "not a library");

        ChildJvm child = ChildJvm.run(
                BOUND, InstallMain.class, List.of("-Djna.library.path=" + directory), directory.toString());

        assertEquals(
                "UnsupportedOperationException: libvirt.so.0 cannot be loaded: install libvirt's client library"
                        + " (package libvirt0 on Debian and Ubuntu, libvirt-libs on Fedora), or name its directory with"
                        + " -Djna.library.path",
                child.output());
        assertEquals(InstallMain.REFUSED, child.exit());
    }

    @Test
    void oneClearLineNamesTheSeamsThereAre() throws Exception {
        ChildJvm child = ChildJvm.run(BOUND, InstallMain.class, List.of("-Dio.osevent.seam=magic"));

        assertEquals(
                "UnsupportedOperationException: -Dio.osevent.seam=magic names no native seam; use \"jna\" or \"shim\"",
                child.output());
        assertEquals(InstallMain.REFUSED, child.exit());
    }
}
