package io.osevent.shim;

import java.util.Locale;
import java.util.function.Supplier;

/** The implementations of {@link Seam}, the fastest first. */
public enum SeamKind {
    /** JNI entry points in a small C library that the jar brings along for machines it was built on. */
    SHIM(ShimSeam::load),

    /** JNA alone: no compiled code of this project, so it works wherever JNA does. */
    JNA(JnaSeam::load);

    private final Supplier<Seam> loader;
    private Seam seam;
    private Throwable cause;

    SeamKind(Supplier<Seam> loader) {
        this.loader = loader;
    }

    /**
     * Whether it can be used here; loads it.
     *
     * @return true if {@link #seam()} returns one
     */
    public boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /**
     * Why it cannot be used here.
     *
     * @return what prevents it, with one clear line as its message, or null if nothing does
     */
    public synchronized Throwable unavailabilityCause() {
        if (seam == null && cause == null) {
            try {
                seam = loader.get();
            } catch (UnsupportedOperationException | LinkageError e) {
                cause = e;
            }
        }
        return cause;
    }

    /**
     * The one seam of this kind.
     *
     * @return the seam
     * @throws UnsupportedOperationException if it cannot be used here; the message says why
     */
    public Seam seam() {
        Throwable reason = unavailabilityCause();
        if (reason != null) {
            throw new UnsupportedOperationException(
                    "The native seam \"" + this + "\" cannot be used: " + reason.getMessage(), reason);
        }
        return seam;
    }

    /**
     * What the user calls it.
     *
     * @return {@code "shim"} or {@code "jna"}
     */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
