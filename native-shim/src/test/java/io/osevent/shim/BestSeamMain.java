package io.osevent.shim;

/** Prints which seam is used and why the shim is not; the program of {@link ShimFromJarTest}. */
final class BestSeamMain {
    private BestSeamMain() {}

    public static void main(String[] arguments) {
        int set = Seams.best().createSet();
        System.out.println(Seams.best().kind() + (set >= 0 ? " works" : " fails"));
        Throwable cause = SeamKind.SHIM.unavailabilityCause();
        if (cause != null) {
            System.out.println(cause.getMessage());
        }
    }
}
