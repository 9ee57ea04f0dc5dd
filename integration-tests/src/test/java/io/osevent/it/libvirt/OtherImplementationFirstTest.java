package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.it.libvirt.TestDomains.Change;
import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.libvirt.Connect;

/** Somebody was first: that is said, and the other one goes on working. */
class OtherImplementationFirstTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    @BeforeAll
    static void needsLibvirt() {
        LibvirtRequirement.assumeMet();
    }

    @Test
    void installIsRefusedWithOneClearLine() throws Exception {
        ReferenceLoop other = ReferenceLoop.start();
        Vertx vertx = Vertx.vertx();
        try {
            for (int attempt = 0; attempt < 2; attempt++) {
                ExecutionException refused = assertThrows(
                        ExecutionException.class,
                        () -> Await.result("install", BOUND, LibvirtEventLoop.install(vertx)));
                assertEquals(IllegalStateException.class, refused.getCause().getClass());
                OneLine.check(refused.getCause());
                assertTrue(refused.getCause().getMessage().contains("Library.initEventLoop()"), refused.getMessage());
            }
            Connect connect = new Connect("test:///default");
            TestDomains domains = TestDomains.create(connect, "other", 1);
            ChangeLog log = ChangeLog.ofToggles(connect);
            List<Change> expected = List.of(domains.toggle(0), domains.toggle(0));
            log.awaitSize(expected.size(), BOUND);
            assertEquals(expected, log.changes());
            log.stop();
            domains.destroy();
            connect.close();
        } finally {
            Await.result("Vert.x closes", BOUND, vertx.close());
            other.stop();
        }
    }
}
