package io.osevent.vertx.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against libvirt's built-in driver; each connection to test:///default shares its one domain, called test. */
class LibvirtConnectionTest {

    private static final int SECONDS = 20;

    private static Vertx vertx;
    private static LibvirtEventLoop loop;
    private LibvirtConnection connection;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        loop = get(LibvirtEventLoop.install(vertx));
        LibvirtConnection.silenceStandardError();
    }

    @AfterAll
    static void stop() throws Exception {
        get(loop.close());
        get(vertx.close());
    }

    @BeforeEach
    void open() throws Exception {
        connection = get(LibvirtConnection.open(vertx, new LibvirtConnectOptions("test:///default")));
        // Each test finds the domain running, whatever the one before did.
        if (get(connection.domainByName("test")).state() == DomainState.PAUSED) {
            get(connection.act("test", DomainAction.RESUME));
        }
    }

    @AfterEach
    void close() throws Exception {
        get(connection.close());
    }

    @Test
    void listsAndLooksUp() throws Exception {
        DomainSummary domain = get(connection.domains()).get(0);
        assertEquals("test", domain.name());
        assertTrue(domain.persistent());
        assertEquals(domain, get(connection.domainByName("test")));
        assertEquals(domain, get(connection.domainByUuid(domain.uuid())));
    }

    @Test
    void lifecycleActionsComeBackAsEvents() throws Exception {
        LinkedBlockingQueue<LibvirtEvent> events = new LinkedBlockingQueue<>();
        connection.events().handler(events::add);
        assertEquals(
                DomainState.PAUSED,
                get(connection.act("test", DomainAction.SUSPEND)).state());
        assertEquals(
                DomainState.RUNNING,
                get(connection.act("test", DomainAction.RESUME)).state());
        assertEquals(
                DomainState.SHUTOFF,
                get(connection.act("test", DomainAction.DESTROY)).state());
        assertEquals(
                DomainState.RUNNING,
                get(connection.act("test", DomainAction.START)).state());
        List<LifecycleType> expected =
                List.of(LifecycleType.SUSPENDED, LifecycleType.RESUMED, LifecycleType.STOPPED, LifecycleType.STARTED);
        for (LifecycleType type : expected) {
            LibvirtEvent event = events.poll(SECONDS, TimeUnit.SECONDS);
            assertEquals(type, event.lifecycle());
            assertEquals("test", event.name());
            assertFalse(event.synthetic());
        }
        assertEquals(4, connection.received());
    }

    @Test
    void manyEventsArriveInOrder() throws Exception {
        int pairs = 2_000;
        List<LifecycleType> seen = new java.util.ArrayList<>();
        CountDownLatch all = new CountDownLatch(2 * pairs);
        connection.events(new EventStreamOptions().setCapacity(4 * pairs)).handler(event -> {
            seen.add(event.lifecycle());
            all.countDown();
        });
        get(connection.call("suspend and resume often", connect -> {
            var domain = connect.domainLookupByName("test");
            for (int i = 0; i < pairs; i++) {
                domain.suspend();
                domain.resume();
            }
            return null;
        }));
        assertTrue(all.await(SECONDS, TimeUnit.SECONDS), () -> "events not delivered: " + all.getCount());
        for (int i = 0; i < 2 * pairs; i++) {
            assertEquals(i % 2 == 0 ? LifecycleType.SUSPENDED : LifecycleType.RESUMED, seen.get(i));
        }
    }

    @Test
    void aListenerOnAWorkerMayMakeCallsAndTakesTheNextEventAfterThem() throws Exception {
        CompletableFuture<DomainState> seen = new CompletableFuture<>();
        DomainEventStream events = connection.events(new EventStreamOptions().setWorker(true));
        events.handler(event -> {
            // One is enough; the next would come when the connection is closed.
            events.pause();
            assertTrue(Context.isOnWorkerThread());
            connection
                    .domainByUuid(event.uuid())
                    .map(DomainSummary::state)
                    .onComplete(seen::complete, seen::completeExceptionally);
        });
        get(connection.act("test", DomainAction.SUSPEND));
        assertEquals(DomainState.PAUSED, seen.get(SECONDS, TimeUnit.SECONDS));
        get(connection.act("test", DomainAction.RESUME));
    }

    @Test
    void failuresKeepLibvirtsCode() {
        LibvirtFailure unknown = failure(connection.domainByName("nobody"));
        assertEquals(LibvirtFailure.Kind.UNKNOWN_DOMAIN, unknown.kind());
        assertEquals("VIR_ERR_NO_DOMAIN", unknown.code());
        assertEquals("VIR_FROM_TEST", unknown.domain());
        LibvirtFailure forbidden = failure(connection.act("test", DomainAction.RESUME));
        assertEquals(LibvirtFailure.Kind.INVALID_STATE, forbidden.kind());
        assertTrue(forbidden.getMessage().contains("not paused"), forbidden.getMessage());
    }

    @Test
    void libvirtJavasOwnExceptionsKeepTheirCode() {
        LibvirtFailure failure = failure(connection.call("look up", c -> c.domainLookupByName("nobody")));
        assertEquals("VIR_ERR_NO_DOMAIN", failure.code());
    }

    @Test
    void aConnectionThatCannotBeMadeSaysWhy() {
        LibvirtFailure failure = failure(LibvirtConnection.open(
                vertx, new LibvirtConnectOptions("qemu+unix:///system?socket=/nonexistent/libvirt-sock")));
        assertEquals(LibvirtFailure.Kind.CONNECTION_LOST, failure.kind());
        assertTrue(failure.getMessage().contains("/nonexistent/libvirt-sock"), failure.getMessage());
    }

    @Test
    void readOnlyIsKeptByLibvirt() throws Exception {
        LibvirtConnection readOnly =
                get(LibvirtConnection.open(vertx, new LibvirtConnectOptions("test:///default").setReadOnly(true)));
        assertEquals(
                LibvirtFailure.Kind.ACCESS_DENIED,
                failure(readOnly.act("test", DomainAction.SUSPEND)).kind());
        get(readOnly.close());
    }

    @Test
    void aCallThatHangsFailsItsFuture() throws Exception {
        LibvirtConnection impatient = get(LibvirtConnection.open(
                vertx, new LibvirtConnectOptions("test:///default").setCallTimeout(Duration.ofMillis(100))));
        CountDownLatch release = new CountDownLatch(1);
        LibvirtFailure failure = failure(impatient.call("hang", c -> release.await(SECONDS, TimeUnit.SECONDS)));
        assertEquals(LibvirtFailure.Kind.TIMEOUT, failure.kind());
        assertTrue(failure.getMessage().contains("'hang'"), failure.getMessage());
        release.countDown();
        get(impatient.close());
    }

    @Test
    void callsNeverRunOnAnEventLoop() throws Exception {
        CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
        vertx.getOrCreateContext()
                .runOnContext(ignored -> connection
                        .call("where", c -> Context.isOnEventLoopThread())
                        .onComplete(done -> onLoop.complete(done.result())));
        assertFalse(onLoop.get(SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void callsKeepTheirOrder() throws Exception {
        List<Integer> order = new java.util.ArrayList<>();
        Future<Void> last = Future.succeededFuture();
        for (int i = 0; i < 200; i++) {
            int number = i;
            last = connection.call("append", c -> {
                order.add(number);
                return null;
            });
        }
        get(last);
        for (int i = 0; i < 200; i++) {
            assertEquals(i, order.get(i));
        }
    }

    @Test
    void afterCloseEverythingIsRefusedAndStreamsEnd() throws Exception {
        LibvirtConnection closed = get(LibvirtConnection.open(vertx, new LibvirtConnectOptions("test:///default")));
        CompletableFuture<Void> ended = new CompletableFuture<>();
        closed.events().endHandler(ignored -> ended.complete(null)).handler(event -> {});
        get(closed.close());
        ended.get(SECONDS, TimeUnit.SECONDS);
        assertEquals(
                LibvirtFailure.Kind.CONNECTION_LOST, failure(closed.domains()).kind());
        get(closed.close());
    }

    @Test
    void theTestDriverLacksSomeEvents() {
        assertFalse(connection.unsupportedEvents().contains(EventKind.LIFECYCLE));
        assertTrue(EnumSet.allOf(EventKind.class).containsAll(connection.unsupportedEvents()));
    }

    @Test
    void theTestDriverHasNoConsole() {
        LibvirtFailure failure = failure(connection.openConsole("test", null));
        assertEquals(LibvirtFailure.Kind.UNSUPPORTED, failure.kind());
    }

    private static LibvirtFailure failure(Future<?> future) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> get(future));
        return assertInstanceOf(LibvirtFailure.class, e.getCause());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }
}
