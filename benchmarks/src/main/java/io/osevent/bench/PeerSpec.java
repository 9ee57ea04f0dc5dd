package io.osevent.bench;

import java.util.List;

/**
 * One system under measurement, which runs as a process of its own.
 *
 * @param system its name in the results
 * @param transport what its loop waits with
 * @param seam how the bridge's native calls are made; {@code none} for all others
 * @param command how its process is started
 * @param managed whether it needs a warm-up before its figures mean anything (a JVM)
 */
record PeerSpec(String system, String transport, String seam, List<String> command, boolean managed) {

    static final String C_EPOLL = "c-epoll";
    static final String LIBVIRT_DEFAULT = "libvirt-default";
    static final String BRIDGE = "bridge";

    boolean bridge() {
        return system.equals(BRIDGE);
    }

    /** The name in file names and table heads. */
    String label() {
        return bridge() ? "bridge " + transport + " " + seam : system;
    }
}
