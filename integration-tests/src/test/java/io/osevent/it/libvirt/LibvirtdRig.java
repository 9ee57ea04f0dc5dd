package io.osevent.it.libvirt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real libvirtd of the test's own, with QEMU guests, that can be stopped, killed and started again.
 *
 * <pre>{@code
 * try (LibvirtdRig rig = LibvirtdRig.start()) {
 *     Connect connect = new Connect(rig.uri("qemu"));
 *     Guest guest = rig.guest("one", Guest.Variant.WAIT);
 *     connect.domainCreateXML(guest.xml(), 0);
 *     rig.killGuest("one");
 * }
 * }</pre>
 *
 * <p>The daemon runs in namespaces of its own: it needs no systemd, no set-up but the installed packages, sees no
 * configuration, network or state of the machine, and leaves nothing behind, not even if the JVM is killed. Several
 * rigs run beside each other. The guests outlive their daemon, as they do in earnest, but not the rig.
 *
 * <p>A rig does not load libvirt into the JVM, so the test is free to choose the event implementation. Every method
 * that waits has a bound and says at its end what it waited for, with the daemon's log.
 *
 * <p>Methods may be called from any thread, one at a time.
 */
public final class LibvirtdRig implements AutoCloseable {
    private static final Duration READY_BOUND = Duration.ofSeconds(30);
    private static final Duration PROBE_BOUND = Duration.ofSeconds(5);
    private static final Duration SIGNAL_BOUND = Duration.ofSeconds(10);

    private static final Pattern SERIAL_PTY = Pattern.compile("<serial type='pty'>\\s*<source path='([^']+)'");

    private final Path directory;
    private final Path log;
    private final RigNamespace namespace;
    private long daemon;
    private ProcessHandle daemonHandle;
    private boolean closed;

    private LibvirtdRig(Path directory, Path log, RigNamespace namespace) {
        this.directory = directory;
        this.log = log;
        this.namespace = namespace;
    }

    /**
     * Starts a rig and waits until its daemon answers. Where libvirtd or QEMU are missing, the calling test is
     * skipped with the reason; with {@code CI=true} in the environment it fails.
     *
     * @return the running rig
     * @throws Exception if the daemon does not come up; the message holds its log
     */
    public static LibvirtdRig start() throws Exception {
        return start(Map.of());
    }

    /**
     * Starts a rig as {@link #start()} does, with settings of {@code libvirtd.conf} that replace the rig's own or are
     * added to them.
     *
     * @param settings such as {@code max_clients} to {@code 5}; a string's value carries its double quotes
     * @return the running rig
     * @throws Exception if the daemon does not come up; the message holds its log
     */
    public static LibvirtdRig start(Map<String, String> settings) throws Exception {
        RigRequirements.assumeMet();
        Path directory = Files.createTempDirectory("osevent");
        LibvirtdRig rig = enter(directory, settings);
        try {
            rig.startDaemon();
        } catch (Exception e) {
            rig.close();
            throw e;
        }
        return rig;
    }

    /**
     * A URI for {@code virConnectOpen} that leads through this rig's daemon.
     *
     * @param driver {@code qemu}, or {@code test} for libvirt's built-in test driver (one running domain named
     *     {@code test}; its domains live as long as the daemon)
     * @return the URI
     */
    public String uri(String driver) {
        return switch (driver) {
            case "qemu" -> "qemu+unix:///system?socket=" + socket();
            case "test" -> "test+unix:///default?socket=" + socket();
            default -> throw new IllegalArgumentException("no such driver in the rig: " + driver);
        };
    }

    /**
     * The daemon's socket, for instance to be removed behind its back; {@link #restart()} makes it anew.
     *
     * @return its path
     */
    public Path socket() {
        return directory.resolve("libvirt-sock");
    }

    /**
     * The rig's directory, for files that the test shares with guests. It goes away with the rig.
     *
     * @return its path
     */
    public Path directory() {
        return directory;
    }

    /**
     * Writes the disk of a new guest; defining or starting it is the test's to do.
     *
     * @param name the domain's name
     * @param variant what it does
     * @return the guest
     * @throws IOException if its disk cannot be written
     */
    public Guest guest(String name, Guest.Variant variant) throws IOException {
        return Guest.create(directory.resolve(RigConfiguration.GUESTS), name, variant);
    }

    /**
     * The daemon's PID, as seen by the JVM.
     *
     * @return the PID
     */
    public long pid() {
        return daemonHandle.pid();
    }

    /**
     * Whether there is a daemon, stopped or not.
     *
     * @return true from {@link #startDaemon()} until {@link #kill9()}, {@link #terminate()} or a death of its own
     */
    public boolean isRunning() {
        return daemonHandle != null && daemonHandle.isAlive();
    }

    /**
     * Starts the daemon again after {@link #kill9()} or {@link #terminate()} and waits until it answers. It finds the
     * guests that are still there, but may answer before it has reconnected to them: calls that change a guest, such as
     * suspend, wait for that; a destroy does not, and may then fail with "domain not found" although it has worked.
     *
     * @throws Exception if it does not come up; the message holds its log
     */
    public void startDaemon() throws Exception {
        if (isRunning()) {
            throw new IllegalStateException("libvirtd is running already, PID " + pid());
        }
        daemon = namespace.startLibvirtd();
        OptionalLong outer = namespace.outerPid(daemon);
        daemonHandle = outer.isPresent() ? ProcessHandle.of(outer.getAsLong()).orElse(null) : null;
        long start = System.nanoTime();
        while (isRunning() && System.nanoTime() - start < READY_BOUND.toNanos()) {
            if (RpcProbe.answers(socket(), PROBE_BOUND)) {
                return;
            }
            Await.pause();
        }
        throw new IllegalStateException(
                (isRunning() ? "libvirtd did not answer within " + READY_BOUND : "libvirtd ended by itself") + ":\n"
                        + log());
    }

    /**
     * SIGSTOP: the daemon hangs, its connections stay open. Returns once it has stopped.
     *
     * @throws Exception if it does not stop in time
     */
    public void sigstop() throws Exception {
        signal("STOP");
        await("libvirtd stops", () -> stateOf(pid()) == 'T');
    }

    /**
     * SIGCONT: the daemon goes on. Returns once it has.
     *
     * @throws Exception if it does not go on in time
     */
    public void sigcont() throws Exception {
        signal("CONT");
        await("libvirtd goes on", () -> stateOf(pid()) != 'T');
    }

    /**
     * SIGKILL: the daemon dies at once, its guests stay. Returns once it is dead.
     *
     * @throws Exception if it does not die in time
     */
    public void kill9() throws Exception {
        signal("KILL");
        await("libvirtd dies", () -> !isRunning());
    }

    /**
     * SIGTERM: the daemon ends in order, its guests stay. Returns once it has ended. A stopped daemon is continued.
     *
     * @throws Exception if it does not end in time
     */
    public void terminate() throws Exception {
        signal("TERM");
        signal("CONT");
        await("libvirtd ends", () -> !isRunning());
    }

    /**
     * Ends the daemon in order, if it runs, and starts it again.
     *
     * @throws Exception if it does not end or not come up in time
     */
    public void restart() throws Exception {
        if (isRunning()) {
            terminate();
        }
        startDaemon();
    }

    /**
     * The PID of a guest's QEMU, as seen by the JVM. May be asked as soon as the guest has started.
     *
     * @param name the domain's name
     * @return the PID
     * @throws NoSuchElementException if the guest does not run
     * @throws Exception if its PID cannot be read
     */
    public long pidOfGuest(String name) throws Exception {
        long inner = innerPidOfGuest(name);
        return namespace
                .outerPid(inner)
                .orElseThrow(() -> new NoSuchElementException("guest " + name + " does not run"));
    }

    /**
     * SIGKILL to a guest's QEMU.
     *
     * @param name the domain's name
     * @throws NoSuchElementException if the guest does not run
     * @throws Exception if its PID cannot be read
     */
    public void killGuest(String name) throws Exception {
        if (!namespace.signal("KILL", innerPidOfGuest(name))) {
            throw new NoSuchElementException("guest " + name + " does not run");
        }
    }

    /**
     * Opens the other end of a guest's serial port, to type on it without libvirt. QEMU looks about once a second
     * whether somebody has the pty open, and reads nothing while nobody has: keep it open until the guest has echoed.
     *
     * @param domainXml the running domain's description, as libvirt gives it
     * @return the pty, for writing; what the guest prints is better read from {@link Guest#consoleLog()}
     * @throws Exception if there is no such pty
     */
    public FileChannel openSerial(String domainXml) throws Exception {
        Matcher matcher = SERIAL_PTY.matcher(domainXml);
        if (!matcher.find()) {
            throw new NoSuchElementException("no serial pty in " + domainXml);
        }
        Path pty = Path.of(matcher.group(1));
        namespace.share(pty);
        return FileChannel.open(pty, StandardOpenOption.WRITE);
    }

    /**
     * What the daemon (and the rig's own tools) logged so far, over all restarts.
     *
     * @return the text
     */
    public String log() {
        return read(log);
    }

    /** Ends the daemon and all guests at once and removes the rig's directory. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            namespace.close();
        }
    }

    @Override
    public String toString() {
        return "libvirtd rig " + directory + (isRunning() ? ", PID " + pid() : ", not running");
    }

    private static LibvirtdRig enter(Path directory, Map<String, String> settings) throws Exception {
        Path log = RigConfiguration.logOf(directory);
        try {
            RigConfiguration.write(directory, settings);
            return new LibvirtdRig(directory, log, RigNamespace.enter(directory, log));
        } catch (IOException e) {
            String text = read(log);
            RigConfiguration.remove(directory);
            throw new IOException(e.getMessage() + (text.isEmpty() ? "" : "; log:\n" + text), e);
        }
    }

    private void signal(String name) throws Exception {
        if (!isRunning() || !namespace.signal(name, daemon)) {
            throw new IllegalStateException("libvirtd does not run, so it gets no SIG" + name);
        }
    }

    private void await(String what, Await.Question question) throws Exception {
        try {
            Await.until(what, SIGNAL_BOUND, question);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e.getMessage() + ":\n" + log(), e);
        }
    }

    private long innerPidOfGuest(String name) throws Exception {
        Path file = directory.resolve("run/libvirt/qemu").resolve(name + ".pid");
        if (!Files.exists(file)) {
            throw new NoSuchElementException("guest " + name + " does not run");
        }
        return Long.parseLong(Files.readString(file).strip());
    }

    private static char stateOf(long pid) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(l -> l.startsWith("State:"))
                    .map(l -> l.substring("State:".length()).strip().charAt(0))
                    .findFirst()
                    .orElse('?');
        }
    }

    private static String read(Path log) {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
