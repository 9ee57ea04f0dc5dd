package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.it.libvirt.ExitMain.Way;
import io.osevent.shim.SeamKind;
import io.osevent.shim.Seams;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A JVM with open connections, events under way and threads in RPCs ends in bounded time, and with its own status. */
class ExitTest {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private static LibvirtdRig rig;

    @BeforeAll
    static void startRig() throws Exception {
        rig = LibvirtdRig.start();
    }

    @AfterAll
    static void stopRig() {
        if (rig != null) {
            rig.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FROM_MAIN, EPOLL, SHIM",
        "FROM_MAIN, IO_URING, JNA",
        "FROM_CALLBACK, EPOLL, JNA",
        "FROM_CALLBACK, IO_URING, SHIM",
        "FROM_CALLBACK, NIO, SHIM",
        "WITH_HOOK, EPOLL, SHIM",
        "WITH_HOOK, NIO, JNA",
        "BY_RETURN, EPOLL, SHIM",
        "BY_RETURN, NIO, JNA",
    })
    void theJvmEnds(Way way, LoopTransport transport, SeamKind seam) throws Exception {
        transport.assumeAvailable();
        SeamChoice.assumeAvailable(seam);
        ChildJvm child = ChildJvm.run(
                BOUND,
                ExitMain.class,
                List.of("-D" + Seams.PROPERTY + "=" + seam),
                way.name(),
                transport.name(),
                rig.uri("test"));

        assertEquals(way == Way.BY_RETURN ? 0 : ExitMain.STATUS, child.exit(), child::output);
        assertTrue(child.output().contains(ExitMain.EXITING), child::output);
        assertEquals(way == Way.WITH_HOOK, child.output().contains(ExitMain.CLOSED), child::output);
        assertFalse(child.output().contains("\tat "), child::output);
        System.out.printf(
                "exit: %s on %s over %s: %d ms%n",
                way, transport, seam, child.took().toMillis());
    }
}
