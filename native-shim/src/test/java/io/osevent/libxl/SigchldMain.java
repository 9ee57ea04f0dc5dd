package io.osevent.libxl;

/** Says whether libxl may have SIGCHLD in this process. */
final class SigchldMain {
    private SigchldMain() {}

    public static void main(String[] arguments) {
        try {
            Sigchld.enter();
            System.out.println("free");
        } catch (IllegalStateException refused) {
            System.out.println(refused.getMessage());
        }
    }
}
