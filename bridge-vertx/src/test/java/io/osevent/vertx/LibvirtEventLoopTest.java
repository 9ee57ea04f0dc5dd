package io.osevent.vertx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.osevent.libvirt.VirEventImpl;
import io.vertx.core.Vertx;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** What can be said of libvirt's loop without a libvirtd; the rest is in the rigs. */
class LibvirtEventLoopTest {
    @Test
    void aCloseMayWaitForAsLongAsItTakes() throws Exception {
        assumeTrue(VirEventImpl.isAvailable(), "no libvirt here");
        Vertx vertx = Vertx.vertx();
        try {
            LibvirtEventLoop loop =
                    HostContract.await(LibvirtEventLoop.install(vertx).toCompletionStage(), "install");
            HostContract.await(
                    loop.close(ChronoUnit.FOREVER.getDuration()).toCompletionStage(),
                    "close, with nothing registered that could hold it up");
            assertFalse(loop.isActive());
        } finally {
            HostContract.await(vertx.close().toCompletionStage(), "close Vert.x");
        }
    }
}
