package io.osevent.bench;

import java.util.Arrays;
import java.util.List;
import org.libvirt.Library;
import org.libvirt.LibvirtException;

/** Peer "libvirt-java": libvirt's default loop, run by a Java thread in {@code Library.runEventLoop()}. */
public final class LibvirtJavaPeer {
    private LibvirtJavaPeer() {}

    /**
     * Answers the harness's requests on standard input.
     *
     * @param arguments a workload to run once instead
     * @throws Exception if libvirt's event loop cannot be set up
     */
    public static void main(String[] arguments) throws Exception {
        Library.initEventLoop();
        Thread loop = new Thread(LibvirtJavaPeer::run, "libvirt-java-loop");
        loop.setDaemon(true);
        loop.start();
        List<String> words = Arrays.asList(arguments);
        new JvmPeer(new JvmPeer.Identity("libvirt-java", "glib-poll", "none")).serve(words);
        // The loop's thread sits in native code; nothing is to be saved, so the process just ends.
        Runtime.getRuntime().halt(0);
    }

    private static void run() {
        try {
            Library.runEventLoop();
        } catch (LibvirtException | InterruptedException e) {
            System.err.println("bench: libvirt-java's loop has ended: " + e.getMessage());
        }
    }
}
