package io.osevent.shim;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/** Brings the C shim into the process: out of the jar, or from the file that a system property names. */
final class ShimLibrary {
    /** Name of the system property that names a shim outside the jar: a build with sanitizers, or for noexec mounts. */
    static final String PATH_PROPERTY = "io.osevent.shim.path";

    /** Must be {@code OSEVENT_ABI} of {@code osevent.h}. */
    private static final int ABI = 2;

    private ShimLibrary() {}

    @SuppressWarnings("restricted")
    static void load() {
        String path = System.getProperty(PATH_PROPERTY, "");
        if (path.isEmpty()) {
            loadFromResource();
        } else {
            System.load(Path.of(path).toAbsolutePath().toString());
        }
        int abi = ShimNatives.abi();
        if (abi != ABI) {
            throw new UnsupportedOperationException("the C shim is of another release (its interface is number " + abi
                    + ", this jar needs " + ABI + "); remove the stray libosevent.so");
        }
    }

    @SuppressWarnings("restricted")
    private static void loadFromResource() {
        String resource = Platform.RESOURCE_PREFIX + "/libosevent.so";
        URL url = ShimLibrary.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new UnsupportedOperationException("this build has no C shim for the machine (" + resource + ")");
        }
        File file;
        try {
            file = Native.extractFromResourcePath("/" + resource, ShimLibrary.class.getClassLoader());
        } catch (IOException e) {
            throw new UnsupportedOperationException(
                    "the C shim cannot be unpacked; point -Djna.tmpdir to a writable directory: " + e.getMessage(), e);
        }
        try {
            System.load(file.getAbsolutePath());
        } catch (UnsatisfiedLinkError e) {
            throw new UnsupportedOperationException(
                    "the C shim cannot be loaded; if the directory of temporary files forbids execution, name another"
                            + " with -Djna.tmpdir: " + e.getMessage(),
                    e);
        } finally {
            boolean unpacked = !"file".equals(url.getProtocol());
            if (unpacked) {
                deleteQuietly(file.toPath());
            }
        }
    }

    /** A mapped library needs its file no more, and a JVM that is killed would leave it behind. */
    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
