package io.osevent.it.faults;

import io.osevent.bridge.EventSetStats;
import io.osevent.bridge.TurnLimits;
import io.osevent.it.libvirt.LibvirtdRig;
import io.osevent.libvirt.VirEventImpl;
import io.osevent.shim.Seams;
import io.osevent.vertx.LibvirtEventLoop;
import io.osevent.vertx.libvirt.EventKind;
import io.osevent.vertx.libvirt.LibvirtConnectOptions;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * libvirt's event loop on a Vert.x, over a seam that can be made to fail, with a daemon to break and a steady flow of
 * events from a driver inside the process that nothing may break.
 */
final class LibvirtWorld implements AutoCloseable {
    /** One per process, like libvirt's hooks. */
    private static final FaultySeam SEAM = new FaultySeam(Seams.best());

    private static final CountedMetrics METRICS = new CountedMetrics();

    private final Vertx vertx;
    private final Path directory;
    private final LibvirtdRig rig;
    private final SteadyEvents steady;
    private LibvirtEventLoop loop;

    private LibvirtWorld(Vertx vertx) throws Exception {
        this.vertx = vertx;
        VirEventImpl.register(SEAM, TurnLimits.DEFAULT, METRICS);
        install();
        LibvirtConnection.silenceStandardError();
        directory = Files.createTempDirectory("osevent-faults");
        rig = LibvirtdRig.start();
        steady = SteadyEvents.start(ownDriver("steady"));
    }

    /** Skips, as {@link LibvirtdRig#start} does, where something is missing. */
    static LibvirtWorld open(Vertx vertx) throws Exception {
        return new LibvirtWorld(vertx);
    }

    FaultySeam seam() {
        return SEAM;
    }

    CountedMetrics metrics() {
        return METRICS;
    }

    Vertx vertx() {
        return vertx;
    }

    LibvirtEventLoop loop() {
        return loop;
    }

    EventSetStats stats() {
        return loop.stats();
    }

    LibvirtdRig rig() {
        return rig;
    }

    SteadyEvents steady() {
        return steady;
    }

    /** Takes libvirt's event loop to this world's Vert.x, from the parked thread or for the first time. */
    void install() throws Exception {
        loop = Bounded.get("install", LibvirtEventLoop.install(vertx));
    }

    /** The daemon as it should be, whatever a fault has made of it. */
    void mendDaemon() throws Exception {
        if (!rig.isRunning()) {
            rig.startDaemon();
        } else if (!Files.exists(rig.socket())) {
            rig.restart();
        } else {
            rig.sigcont();
        }
    }

    /** A test driver inside the process that nobody else uses: its domains, and their events, are one's own. */
    String ownDriver(String name) throws IOException {
        Path node = directory.resolve(name + ".xml");
        Files.writeString(node, "<node/>");
        return "test://" + node;
    }

    /** A connection that only hears of lifecycles. */
    Future<LibvirtConnection> connect(String uri, int keepAliveSeconds, int keepAliveCount) {
        return LibvirtConnection.open(
                vertx,
                new LibvirtConnectOptions(uri)
                        .setKeepAlive(keepAliveSeconds, keepAliveCount)
                        .setEventKinds(Set.of(EventKind.LIFECYCLE)));
    }

    /** Waits until libvirt has given up all but so many registrations. */
    void awaitUnfinished(long count) throws Exception {
        if (!Bounded.within(Bounded.BOUND, () -> stats().unfinished() <= count)) {
            throw new AssertionError(
                    "expected " + count + " registrations of libvirt, there are " + loop.registrations());
        }
    }

    @Override
    public void close() {
        try {
            steady.close();
            rig.close();
            Bounded.get("the loop closes", loop.close(Duration.ofSeconds(10)));
            try (var files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while libvirt's world closes", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
