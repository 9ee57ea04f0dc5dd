package io.osevent.libvirt;

import io.osevent.shim.Seams;
import io.osevent.shim.internal.Shutdown;
import java.util.concurrent.TimeUnit;

/** Ends with hooks in use, and says how they fared; the program of {@link ShutdownTest}. */
final class ShutdownMain {
    private ShutdownMain() {}

    public static void main(String[] arguments) {
        HooksRig rig = new HooksRig(Seams.best());
        int watch = rig.addHandle("h", rig.readable(), VirEvents.READABLE);
        int timer = rig.addTimeout("t", 0);
        int fd = rig.silent();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            // Shutdown hooks start in no order
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!Shutdown.hasBegun() && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            System.out.println(
                    "add " + rig.addHandle("late", fd, VirEvents.READABLE) + " " + rig.addTimeout("late", 0));
            rig.updateHandle(watch, 0);
            rig.updateTimeout(timer, -1);
            System.out.println("update " + rig.turn());
            System.out.println("remove " + rig.removeHandle(watch) + " " + rig.removeTimeout(timer));
            System.out.println("ff " + rig.turn());
        }));
    }
}
