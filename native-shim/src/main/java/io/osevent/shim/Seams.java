package io.osevent.shim;

import java.util.Arrays;
import java.util.List;

/**
 * Finds the seams that work on this machine.
 *
 * <p>The system property {@value #PROPERTY} set to {@code jna} or {@code shim} picks one; otherwise the shim is used
 * where there is one, and plain JNA elsewhere.
 */
public final class Seams {
    /** Name of the system property that picks a seam. */
    public static final String PROPERTY = "io.osevent.seam";

    private Seams() {}

    /**
     * Whether there is a seam for this machine.
     *
     * @return true if {@link #best()} returns one
     */
    public static boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /**
     * Why there is no seam for this machine.
     *
     * @return what prevents it, with one clear line as its message, or null if nothing does
     */
    public static Throwable unavailabilityCause() {
        try {
            best();
            return null;
        } catch (UnsupportedOperationException e) {
            return e;
        }
    }

    /**
     * Every seam that works on this machine.
     *
     * @return the seams, the fastest first
     */
    public static List<Seam> available() {
        return Arrays.stream(SeamKind.values())
                .filter(SeamKind::isAvailable)
                .map(SeamKind::seam)
                .toList();
    }

    /**
     * The seam to use: the one that {@value #PROPERTY} names, or else the fastest.
     *
     * @return the seam
     * @throws UnsupportedOperationException if there is none; the message says why
     */
    public static Seam best() {
        String wanted = System.getProperty(PROPERTY, "");
        if (!wanted.isEmpty()) {
            return Arrays.stream(SeamKind.values())
                    .filter(kind -> kind.toString().equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new UnsupportedOperationException(
                            "-D" + PROPERTY + "=" + wanted + " names no native seam; use \"jna\" or \"shim\""))
                    .seam();
        }
        return SeamKind.SHIM.isAvailable() ? shim() : jna();
    }

    /**
     * The seam that is the C shim.
     *
     * @return the seam
     * @throws UnsupportedOperationException if it cannot be used here; the message says why
     */
    public static Seam shim() {
        return SeamKind.SHIM.seam();
    }

    /**
     * The seam that needs nothing but JNA.
     *
     * @return the seam
     * @throws UnsupportedOperationException if it cannot be used here; the message says why
     */
    public static Seam jna() {
        return SeamKind.JNA.seam();
    }
}
