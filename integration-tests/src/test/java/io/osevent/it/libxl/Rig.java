package io.osevent.it.libxl;

import com.sun.jna.NativeLibrary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Rig A from the inside: plays the hypervisor, the guests and the backends. */
public final class Rig implements AutoCloseable {
    private static final long PROGRAM_SECONDS = 20;
    private static final String BIN = System.getenv("RIG_A_BIN");
    private static final String ROOT = System.getenv("RIG_A_ROOT");

    /** Held, for JNA would unload it when it is collected. */
    private static NativeLibrary edge;

    private static int lastDomid;

    // Scenarios play on several threads.
    private final List<Process> servers = new CopyOnWriteArrayList<>();
    private final List<Integer> domains = new CopyOnWriteArrayList<>();

    /** Loads the simulated hypervisor edge, before libxl is loaded. */
    static void enter() {
        if (BIN == null || ROOT == null) {
            throw new IllegalStateException("this runs inside rig A only: src/rig-a/run.sh java ...");
        }
        edge = NativeLibrary.getInstance("xenstub");
    }

    /** What was built for the rig. */
    public static String bin(String name) {
        return BIN + "/" + name;
    }

    /** A running domain of its own, with an id that was never used. */
    public int createDomain() throws IOException, InterruptedException {
        int domid = nextDomid();
        domains.add(domid);
        run(bin("xenstubctl"), "create", Integer.toString(domid), "guest" + domid);
        return domid;
    }

    private static synchronized int nextDomid() {
        return ++lastDomid;
    }

    /** As if the guest had stopped. */
    public void shutdownGuest(int domid, int reason) throws IOException, InterruptedException {
        run(bin("xenstubctl"), "shutdown", Integer.toString(domid), Integer.toString(reason));
    }

    /** As if the hypervisor had let go of it. */
    public void removeDomain(int domid) throws IOException, InterruptedException {
        run(bin("xenstubctl"), "remove", Integer.toString(domid));
    }

    /** Writes to xenstore. */
    public void write(String path, String value) throws IOException, InterruptedException {
        run(ROOT + "/usr/bin/xenstore-write", path, value);
    }

    /** Starts a server and returns when it says that it is ready. */
    Process start(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(bin(name)));
        command.addAll(Arrays.asList(arguments));
        Process server = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        servers.add(server);
        BufferedReader out = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            throw new IOException(name + " ended before it was ready");
        }
        return server;
    }

    /** As if the other side had gone silent. */
    static void stop(Process server) {
        server.destroyForcibly()
                .onExit()
                .orTimeout(PROGRAM_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    static void run(String... command) throws IOException, InterruptedException {
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said;
        try (var out = program.getInputStream()) {
            said = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
        if (!program.waitFor(PROGRAM_SECONDS, TimeUnit.SECONDS) || program.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + said);
        }
    }

    /** Stops what was started, and lets go of the domains: a rig that keeps thousands becomes slow. */
    @Override
    public void close() {
        for (Process server : servers) {
            stop(server);
        }
        for (int domid : domains) {
            attempt(bin("xenstubctl"), "remove", Integer.toString(domid));
            attempt(ROOT + "/usr/bin/xenstore-rm", "/local/domain/" + domid);
        }
    }

    /** The scenario may have removed it itself, or killed xenstored. */
    private static void attempt(String... command) {
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .orTimeout(PROGRAM_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
