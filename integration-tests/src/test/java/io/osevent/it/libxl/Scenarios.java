package io.osevent.it.libxl;

import io.osevent.libxl.LibxlCall;
import io.osevent.libxl.LibxlException;
import io.osevent.vertx.LibxlOperation;
import io.osevent.vertx.LibxlWatch;
import io.osevent.vertx.libxl.DomainEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Each scenario of {@code sequences.txt}, played on the bridge. */
final class Scenarios {
    /** A play; what libxl asks meanwhile is in the stage's trace. */
    interface Play {
        void run(Stage stage) throws Exception;
    }

    private static final int POWEROFF = 0;
    private static final int SIGKILL = 9;

    private Scenarios() {}

    /** In the order in which they are run; none but the last needs anything of another. */
    static Map<String, Play> all() {
        Map<String, Play> all = new LinkedHashMap<>();
        all.put("domain_death", Scenarios::domainDeath);
        all.put("disk_eject", Scenarios::diskEject);
        all.put("nic_add", Scenarios::nicAdd);
        all.put("nic_remove", Scenarios::nicRemove);
        all.put("nic_remove_silent", Scenarios::nicRemoveSilent);
        all.put("disk_add", Scenarios::diskAdd);
        all.put("ao_abort", Scenarios::aoAbort);
        all.put("domain_destroy", Scenarios::domainDestroy);
        all.put("domain_pause", Scenarios::domainPause);
        all.put("domain_shutdown", Scenarios::domainShutdown);
        all.put("qmp_command", Scenarios::qmpCommand);
        all.put("domain_suspend", Scenarios::domainSuspend);
        return all;
    }

    /** Nothing tells, but a question is answered with nothing; there is no xenstored after it. */
    static void xenstoredKilled(Stage stage) throws Exception {
        LibxlWatch watch = stage.get(stage.context().watchDomain(stage.domid(), event -> {}));
        if (stage.get(stage.context().domainName(stage.domid())) == null) {
            throw new AssertionError("xenstored should answer");
        }
        stage.trace().mark("xenstored is killed");
        LibC.kill(Integer.parseInt(System.getenv("RIG_A_XENSTORED_PID")), SIGKILL);
        stage.awaitNull(() -> stage.context().domainName(stage.domid()));
        stage.trace().mark("evdisable");
        stage.get(watch.close());
    }

    private static void domainDeath(Stage stage) throws Exception {
        Queue<DomainEvent> events = new ConcurrentLinkedQueue<>();
        LibxlWatch watch = stage.get(stage.context().watchDomain(stage.domid(), events::add));
        stage.trace().mark("the guest powers off");
        stage.rig().shutdownGuest(stage.domid(), POWEROFF);
        stage.trace().await("event domain_shutdown");
        stage.trace().mark("the domain vanishes");
        stage.rig().removeDomain(stage.domid());
        stage.trace().await("event domain_death");
        stage.trace().mark("evdisable");
        stage.get(watch.close());
    }

    private static void diskEject(Stage stage) throws Exception {
        stage.rig().start("backend");
        stage.trace().mute(true);
        stage.run(LibxlCall.diskAdd(stage.domid(), Devices.disk()));
        stage.trace().awaitPromised();
        stage.trace().mute(false);

        Queue<DomainEvent> events = new ConcurrentLinkedQueue<>();
        LibxlWatch watch = stage.get(stage.context().watchEject(stage.domid(), "hdc", events::add));
        stage.trace().mark("the guest ejects");
        stage.rig().write("/local/domain/" + stage.domid() + "/device/vbd/" + Devices.HDC + "/eject", "eject");
        stage.trace().await("event disk_eject");
        stage.trace().mark("evdisable");
        stage.get(watch.close());
    }

    private static void nicAdd(Stage stage) throws Exception {
        stage.rig().start("backend");
        stage.run(LibxlCall.nicAdd(stage.domid(), Devices.nic()));
    }

    private static void nicRemove(Stage stage) throws Exception {
        stage.addNicQuietly();
        stage.run(LibxlCall.nicRemove(stage.domid(), Devices.nic()));
    }

    /** Two deadlines of ten seconds, on virtual time. */
    private static void nicRemoveSilent(Stage stage) throws Exception {
        Rig.stop(stage.addNicQuietly());
        LibxlOperation<Void> removal = stage.context().start(LibxlCall.nicRemove(stage.domid(), Devices.nic()));
        stage.trace().await("fd_register b");
        stage.time().skip(Duration.ofSeconds(11));
        stage.trace().await("fd_register c");
        stage.time().skip(Duration.ofSeconds(11));
        stage.fails(removal, LibxlException.TIMEDOUT);
    }

    private static void diskAdd(Stage stage) throws Exception {
        stage.rig().start("backend");
        stage.run(LibxlCall.diskAdd(stage.domid(), Devices.disk()));
    }

    private static void aoAbort(Stage stage) throws Exception {
        Rig.stop(stage.addNicQuietly());
        LibxlOperation<Void> removal = stage.context().start(LibxlCall.nicRemove(stage.domid(), Devices.nic()));
        stage.trace().await("fd_register b");
        stage.trace().mark("ao_abort");
        if (!stage.get(removal.abort())) {
            throw new AssertionError("the removal was not there to be aborted");
        }
        stage.fails(removal, LibxlException.ABORTED);
    }

    private static void domainDestroy(Stage stage) throws Exception {
        stage.addNicQuietly();
        stage.trace().mute(true);
        LibxlWatch watch = stage.get(stage.context().watchDomain(stage.domid(), event -> {}));
        stage.trace().mute(false);
        stage.get(stage.context().destroy(stage.domid()));
        stage.trace().await("event domain_death");
        stage.get(watch.close());
    }

    /** No hook at all, and the callback comes before the initiator returns. */
    private static void domainPause(Stage stage) throws Exception {
        stage.get(stage.context().pause(stage.domid()));
        if (!stage.get(stage.context().domain(stage.domid())).paused()) {
            throw new AssertionError("the domain is not paused");
        }
    }

    private static void domainShutdown(Stage stage) throws Exception {
        LibxlOperation<Void> shutdown = stage.context().start(LibxlCall.domainShutdown(stage.domid()));
        stage.trace().await("fd_register b");
        stage.trace().mark("the guest acknowledges");
        stage.rig().write("/local/domain/" + stage.domid() + "/control/shutdown", "");
        stage.get(shutdown.future());
    }

    private static void qmpCommand(Stage stage) throws Exception {
        stage.rig().start("qmp-server", Integer.toString(stage.domid()));
        String answer = stage.run(LibxlCall.monitorCommand(stage.domid(), "info status"));
        if (!answer.contains("running")) {
            throw new AssertionError("the monitor said: " + answer);
        }
    }

    /** A regular file, which epoll refuses, and a pipe that ends by a hang-up alone. */
    private static void domainSuspend(Stage stage) throws Exception {
        Path saved = Files.createTempFile("saved", null);
        int fd = LibC.create(saved.toString());
        try {
            LibxlOperation<Void> suspend = stage.context().start(LibxlCall.domainSuspend(stage.domid(), fd));
            // The helper says nothing, so that libxl takes it for a failure
            stage.fails(suspend, LibxlException.FAIL);
        } finally {
            // Also when the context was closed meanwhile: libxl may hold the descriptor until the end
            stage.atEnd(() -> LibC.close(fd));
            Files.delete(saved);
        }
    }
}
