package io.osevent.bridge.sim;

/** What rewritten code of the core calls; see {@link InterleavingLoader}. Does nothing while no simulation runs. */
public final class Interleave {
    private static Scheduler scheduler;

    private Interleave() {}

    static void by(Scheduler now) {
        scheduler = now;
    }

    /** Before each access to memory that threads share: another simulated thread may go first. */
    public static void point() {
        Scheduler s = scheduler;
        if (s != null) {
            s.point();
        }
    }

    /** In the place of {@link Thread#onSpinWait}: nothing changes until another simulated thread runs. */
    public static void spin() {
        Scheduler s = scheduler;
        if (s != null) {
            s.spin();
        }
    }

    /** In the place of the beginning of a synchronized block. */
    public static void enter(Object monitor) {
        Scheduler s = scheduler;
        if (s != null) {
            s.enter(monitor);
        }
    }

    /** In the place of the end of a synchronized block. */
    public static void exit(Object monitor) {
        Scheduler s = scheduler;
        if (s != null) {
            s.exit(monitor);
        }
    }
}
