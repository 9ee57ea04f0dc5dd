package io.osevent.vertx.libvirt;

import io.osevent.shim.Seam;
import io.osevent.shim.Seams;
import java.util.Arrays;

/**
 * libvirt's client makes a GLib main context for each connection to a daemon, and GLib aborts the whole process if there
 * is no file descriptor for its wake-up ({@code g_wakeup_new}: "Creating pipes for GWakeup: Too many open files"). So a
 * connection is opened only while there are more to spare than it takes.
 */
final class SpareDescriptors {
    /** A connection takes a socket and a descriptor or two for wake-ups; one through ssh or to a session, pipes as well. */
    static final int NEEDED = 16;

    private SpareDescriptors() {}

    /**
     * Takes as many as may be needed, and gives them back. Another thread may be quicker to take the last ones
     * afterwards: this makes the abort unlikely, and only a higher limit makes it impossible.
     */
    static void demand(String uri) {
        Seam seam = Seams.best();
        int[] taken = new int[NEEDED];
        Arrays.fill(taken, -1);
        try {
            for (int i = 0; i < NEEDED; i++) {
                taken[i] = seam.createSet();
                if (taken[i] < 0) {
                    throw LibvirtFailure.lost("too few file descriptors are left to open " + uri + ": " + i + " of the "
                            + NEEDED + " that it may take; raise the limit (ulimit -n, LimitNOFILE=)");
                }
            }
        } finally {
            for (int fd : taken) {
                if (fd >= 0) {
                    seam.close(fd);
                }
            }
        }
    }
}
