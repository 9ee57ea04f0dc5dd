package io.osevent.vertx.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A managed host over another library than libvirt, one that tells only some changes as events. */
@Timeout(60)
class ManagedHostConnectorTest {

    private static final long SECONDS = 20;
    private static final Duration NEVER = Duration.ofHours(1);
    private static final String UUID = "05e00000-0000-4000-8000-000000000001";

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<HostStatus> statuses = new LinkedBlockingQueue<>();
    private final BlockingQueue<LibvirtEvent> events = new LinkedBlockingQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile DomainState state = DomainState.RUNNING;

    private final class Connection implements HostConnection {
        private volatile Listener listener;
        private volatile boolean closed;

        @Override
        public void listen(Listener told) {
            listener = told;
            opened.add(this);
        }

        @Override
        public Future<Void> ping() {
            return Future.succeededFuture();
        }

        @Override
        public Future<List<DomainSummary>> domains() {
            return Future.succeededFuture(List.of(new DomainSummary(UUID, "one", state, false)));
        }

        @Override
        public Future<DomainSummary> domainByUuid(String uuid) {
            return domains().map(all -> all.get(0));
        }

        @Override
        public Future<DomainSummary> act(String name, DomainAction action) {
            state = DomainState.PAUSED;
            return domainByUuid(UUID);
        }

        @Override
        public Future<ConsoleStream> openConsole(String name, String device) {
            return Future.failedFuture(new LibvirtFailure(LibvirtFailure.Kind.UNSUPPORTED, "", "", "none", null));
        }

        @Override
        public boolean tellsAll() {
            return false;
        }

        @Override
        public long dropped() {
            return 0;
        }

        @Override
        public Future<Void> close() {
            closed = true;
            return Future.succeededFuture();
        }
    }

    private final HostConnector connector = new HostConnector() {
        @Override
        public String uri() {
            return "other:///system";
        }

        @Override
        public Attempt connect(Vertx on) {
            if (refusals.getAndDecrement() > 0) {
                Future<HostConnection> refused = Future.failedFuture(LibvirtFailure.lost("nobody is there"));
                return new Attempt(refused, refused);
            }
            Future<HostConnection> made = Future.succeededFuture(new Connection());
            return new Attempt(made, made);
        }
    };

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void whatChangesIsFoundWithEachSignOfLife() throws Exception {
        ManagedHost host = start(Duration.ofMillis(20));
        await(HostState.UP);
        state = DomainState.PAUSED;
        assertMissed("SUSPENDED");
        state = DomainState.RUNNING;
        assertMissed("RESUMED");
        assertEquals(2, host.syntheticEvents());
        assertEquals("other:///system", host.uri());
    }

    @Test
    void whatAnActionDidIsFoundAtOnce() throws Exception {
        ManagedHost host = start(NEVER);
        await(HostState.UP);
        host.act("one", DomainAction.SUSPEND).await();
        assertMissed("SUSPENDED");
    }

    @Test
    void aLostConnectionComesBackAndTellsWhatWasMissed() throws Exception {
        ManagedHost host = start(NEVER);
        await(HostState.UP);
        Connection first = next(opened);
        refusals.set(2);
        state = DomainState.PAUSED;
        first.listener.lost("a disaster");
        assertEquals("a disaster", await(HostState.DOWN).reason());
        assertEquals("nobody is there", await(HostState.DOWN).reason());
        assertEquals("nobody is there", await(HostState.DOWN).reason());
        assertMissed("SUSPENDED");
        await(HostState.UP);
        assertTrue(first.closed, "the lost one is let go");
        assertFalse(next(opened).closed);
        // What it says afterwards is about nothing.
        first.listener.lost("once more");
        host.close().await();
        assertEquals(HostState.CLOSED, next(statuses).state());
    }

    private ManagedHost start(Duration probe) throws Exception {
        CompletableFuture<ManagedHost> started = new CompletableFuture<>();
        // On the host's own context, where nothing can happen before the handlers are set.
        vertx.runOnContext(ignored -> {
            ManagedHost host = ManagedHost.start(
                    vertx,
                    "other",
                    new ManagedHostOptions(connector)
                            .setBackoff(Duration.ofMillis(5), Duration.ofMillis(20))
                            .setProbe(probe, NEVER));
            host.statusHandler(statuses::add);
            host.events(new EventStreamOptions()).handler(events::add);
            started.complete(host);
        });
        return started.get(SECONDS, TimeUnit.SECONDS);
    }

    private void assertMissed(String type) throws Exception {
        LibvirtEvent event = next(events);
        assertEquals(type, event.type());
        assertTrue(event.synthetic());
    }

    private HostStatus await(HostState wanted) throws Exception {
        HostStatus status = next(statuses);
        while (status.state() != wanted) {
            status = next(statuses);
        }
        return status;
    }

    private static <T> T next(BlockingQueue<T> queue) throws Exception {
        T next = queue.poll(SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new IllegalStateException("nothing within " + SECONDS + " s");
        }
        return next;
    }
}
