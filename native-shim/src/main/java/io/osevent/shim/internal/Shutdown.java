package io.osevent.shim.internal;

/**
 * Whether the JVM has begun to shut down. Hooks refuse new registrations from then on; to modify and to deregister goes
 * on working, so that shutdown hooks can close what is open.
 */
public final class Shutdown {
    private static volatile boolean begun;

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> begun = true, "osevent-shutdown"));
        } catch (IllegalStateException alreadyBegun) {
            begun = true;
        }
    }

    private Shutdown() {}

    /**
     * Whether it has begun.
     *
     * @return true from the start of the first shutdown hooks on
     */
    public static boolean hasBegun() {
        return begun;
    }
}
