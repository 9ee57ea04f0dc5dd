package io.osevent.libxl;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.List;

/**
 * The library libxenlight in this process. It is loaded when it is first asked for.
 *
 * <p>libxl's binary interface changes with every release of Xen, and so does the library's name. This binding was tried
 * on {@value #RELEASE}; another release is taken only if the system property {@value #PROPERTY} names it.
 */
public final class Libxl {
    /** The release of Xen that this binding was tried on. */
    public static final String RELEASE = "4.17";

    /** Name of the system property that names another release, such as {@code 4.18}, at the user's own risk. */
    public static final String PROPERTY = "io.osevent.libxl.release";

    private static NativeLibrary library;

    private Libxl() {}

    /**
     * Whether libxl is on this machine; loads it. It says nothing about Xen: whether this is a dom0 with a xenstored
     * shows when a context is allocated.
     *
     * @return true if it is
     */
    public static boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /**
     * Why libxl cannot be used.
     *
     * @return what prevents it, with one clear line as its message, or null if nothing does
     */
    public static Throwable unavailabilityCause() {
        try {
            load();
            return null;
        } catch (UnsupportedOperationException e) {
            return e;
        }
    }

    /**
     * Loads libxl into the process.
     *
     * @throws UnsupportedOperationException if it is not there; the message says what to do
     */
    static synchronized NativeLibrary load() {
        if (library == null) {
            String release = System.getProperty(PROPERTY, RELEASE);
            String name = "libxenlight.so." + release;
            try {
                NativeLibrary found = NativeLibrary.getInstance(name);
                Native.register(LibxlFunctions.class, found);
                library = found;
            } catch (LinkageError e) {
                throw new UnsupportedOperationException(
                        name + " cannot be used: install Xen's toolstack libraries (package libxenmisc" + release
                                + " on Debian), name their directory with -Djna.library.path, or name another release"
                                + " of Xen with -D" + PROPERTY + ", which is untested ("
                                + reason(e) + ")",
                        e);
            }
        }
        return library;
    }

    /** What the dynamic linker said; JNA's own first line only says that there is something to say. */
    private static String reason(LinkageError failure) {
        List<String> lines = String.valueOf(failure.getMessage()).lines().toList();
        return lines.get(lines.size() > 1 ? 1 : 0);
    }
}
