package io.osevent.agent;

import io.osevent.libxl.Libxl;
import io.osevent.shim.Seam;
import io.osevent.shim.Seams;
import io.osevent.vertx.LibvirtEventLoop;
import io.osevent.vertx.LibxlContext;
import io.osevent.vertx.libvirt.DomainAction;
import io.osevent.vertx.libvirt.LibvirtConnectOptions;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.osevent.vertx.libvirt.LibvirtEvent;
import io.osevent.vertx.libxl.LibxlConnector;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Tries what this machine offers, and says what does not work and why. */
final class SelfTest {

    private static final int SECONDS = 20;
    private static final String TEST_URI = "test:///default";

    private final PrintStream out;
    private boolean usable = true;

    SelfTest(PrintStream out) {
        this.out = out;
    }

    /** Returns true if the agent can do its work here; what is merely optional may be missing. */
    boolean run() {
        out.println(Version.text());
        info(
                "machine",
                () -> System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors");
        info("open files", SelfTest::openFiles);
        info("native calls", SelfTest::seams);
        info("transport epoll", () -> transport("io.netty.channel.epoll.Epoll"));
        info("transport io_uring", () -> transport("io.netty.channel.uring.IoUring"));
        info("transport nio", () -> "always there");
        info("libxl", SelfTest::libxl);
        info("Xen through libxl", SelfTest::xen);
        info("clusters", () -> classThere("io.vertx.spi.cluster.hazelcast.HazelcastClusterManager"));
        info("terminal of the page", SelfTest::terminal);
        need("libvirt", () -> "client library " + libvirtVersion());
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try {
            need("libvirt's events", () -> roundTrip(vertx));
        } finally {
            vertx.close().await();
        }
        info("libvirt daemon", SelfTest::daemon);
        out.println(usable ? "The agent can do its work here." : "The agent cannot do its work here.");
        return usable;
    }

    private void info(String what, Callable<String> check) {
        try {
            line("ok", what, check.call());
        } catch (Exception | LinkageError e) {
            line("no", what, reason(e));
        }
    }

    private void need(String what, Callable<String> check) {
        try {
            line("ok", what, check.call());
        } catch (Exception | LinkageError e) {
            usable = false;
            line("NO", what, reason(e));
        }
    }

    private void line(String mark, String what, String detail) {
        out.printf(Locale.ROOT, "%-3s %-22s %s%n", mark, what, detail);
    }

    private static String seams() {
        if (!Seams.isAvailable()) {
            throw new IllegalStateException(Seams.unavailabilityCause().getMessage());
        }
        List<Seam> all = Seams.available();
        String names = all.stream().map(seam -> seam.kind().toString()).collect(Collectors.joining(", "));
        return names + "; used: " + Seams.best().kind();
    }

    private static String transport(String name) throws ReflectiveOperationException {
        Class<?> type = Class.forName(name);
        if ((boolean) type.getMethod("isAvailable").invoke(null)) {
            return "available";
        }
        throw new IllegalStateException(
                reason((Throwable) type.getMethod("unavailabilityCause").invoke(null)));
    }

    private static String libxl() {
        if (!Libxl.isAvailable()) {
            throw new IllegalStateException(Libxl.unavailabilityCause().getMessage());
        }
        return "available";
    }

    private static String xen() throws Exception {
        LibxlLogging.silence();
        Vertx vertx = Vertx.vertx();
        try {
            LibxlContext xen = get(LibxlContext.open(vertx));
            int domains = get(xen.domains()).size();
            get(xen.close());
            return domains + " domains, for --connect " + LibxlConnector.URI;
        } finally {
            vertx.close().await();
        }
    }

    private static String libvirtVersion() throws Exception {
        long version = org.libvirt.Library.getVersion();
        return version / 1_000_000 + "." + version / 1_000 % 1_000 + "." + version % 1_000;
    }

    /** From an action to its event, through the bridge. */
    private static String roundTrip(Vertx vertx) throws Exception {
        LibvirtEventLoop loop = get(LibvirtEventLoop.install(vertx));
        LibvirtConnection.silenceStandardError();
        LibvirtConnection connection = get(LibvirtConnection.open(vertx, new LibvirtConnectOptions(TEST_URI)));
        BlockingQueue<LibvirtEvent> events = new LinkedBlockingQueue<>();
        connection.events().handler(events::add);
        get(connection.act("test", DomainAction.SUSPEND));
        LibvirtEvent event = events.poll(SECONDS, TimeUnit.SECONDS);
        get(connection.close());
        String how = loop.transport() + ", " + loop.seam();
        get(loop.close());
        if (event == null) {
            throw new IllegalStateException("no event of " + TEST_URI + " within " + SECONDS + " s (" + how + ")");
        }
        return event.type() + " of " + TEST_URI + " received through " + how;
    }

    private static String daemon() throws Exception {
        Path socket = Path.of("/run/libvirt/libvirt-sock");
        if (Files.exists(socket)) {
            return socket + " is there";
        }
        throw new IllegalStateException("none runs here (" + socket + " is missing); remote ones need none");
    }

    private static String openFiles() throws Exception {
        try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
            String line = lines.filter(each -> each.startsWith("Max open files"))
                    .findFirst()
                    .orElseThrow();
            String[] words = line.trim().split("\\s{2,}");
            return words[1] + ", at most " + words[2];
        }
    }

    private static String terminal() {
        if (SelfTest.class.getResource("/io/osevent/agent/page/xterm.js") == null) {
            throw new IllegalStateException("xterm.js is not in the jar; consoles are plain");
        }
        return "xterm.js";
    }

    private static String classThere(String name) throws ClassNotFoundException {
        Class.forName(name, false, SelfTest.class.getClassLoader());
        return "available";
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }

    private static String reason(Throwable failure) {
        Throwable told = failure;
        while (told.getCause() != null && (told instanceof ExecutionException || told instanceof LinkageError)) {
            told = told.getCause();
        }
        if (told instanceof ClassNotFoundException) {
            return "not packaged with this agent";
        }
        if (told instanceof UnsatisfiedLinkError) {
            return "cannot be loaded: install the package libvirt0";
        }
        String text = String.valueOf(told.getMessage());
        return text.lines().findFirst().orElse(text);
    }
}
