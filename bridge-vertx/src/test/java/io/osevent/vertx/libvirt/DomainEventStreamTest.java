package io.osevent.vertx.libvirt;

import static io.osevent.vertx.libvirt.EventBufferTest.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DomainEventStreamTest {

    private static final int SECONDS = 20;

    private Vertx vertx;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void deliversAllInOrderFromAnotherThread() throws Exception {
        int count = 40_000;
        List<String> seen = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(count);
        DomainEventStream stream = stream(new EventStreamOptions().setCapacity(count));
        stream.handler(event -> {
            seen.add(event.type());
            all.countDown();
        });
        for (int i = 0; i < count; i++) {
            stream.offer(event("a", EventKind.LIFECYCLE, Integer.toString(i)));
        }
        assertTrue(all.await(SECONDS, TimeUnit.SECONDS), () -> "events not delivered: " + all.getCount());
        for (int i = 0; i < count; i++) {
            assertEquals(Integer.toString(i), seen.get(i));
        }
        assertEquals(0, stream.dropped());
    }

    @Test
    void aPausedStreamBuffersAndDropsTheOldest() throws Exception {
        DomainEventStream stream = stream(new EventStreamOptions().setCapacity(2));
        List<String> seen = new CopyOnWriteArrayList<>();
        CountDownLatch two = new CountDownLatch(2);
        stream.pause();
        stream.handler(event -> {
            seen.add(event.type());
            two.countDown();
        });
        for (String type : List.of("1", "2", "3")) {
            stream.offer(event("a", EventKind.LIFECYCLE, type));
        }
        assertEquals(2, stream.waiting());
        assertEquals(1, stream.dropped());
        stream.fetch(1);
        stream.fetch(1);
        assertTrue(two.await(SECONDS, TimeUnit.SECONDS), "two events asked for");
        assertEquals(List.of("2", "3"), seen);
    }

    @Test
    void failingEndsTheStream() throws Exception {
        DomainEventStream stream =
                stream(new EventStreamOptions().setCapacity(1).setPolicy(OverflowPolicy.FAIL));
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        stream.pause();
        stream.exceptionHandler(failure::complete);
        stream.endHandler(ignored -> end.complete(null));
        stream.handler(event -> {});
        stream.offer(event("a", EventKind.LIFECYCLE, "1"));
        stream.offer(event("a", EventKind.LIFECYCLE, "2"));
        assertInstanceOf(IllegalStateException.class, failure.get(SECONDS, TimeUnit.SECONDS));
        end.get(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void whatWaitsIsDeliveredBeforeTheEnd() throws Exception {
        DomainEventStream stream = stream(new EventStreamOptions());
        List<String> seen = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        stream.endHandler(ignored -> {
            seen.add("end");
            end.complete(null);
        });
        stream.offer(event("a", EventKind.LIFECYCLE, "1"));
        stream.close();
        stream.handler(event -> seen.add(event.type()));
        end.get(SECONDS, TimeUnit.SECONDS);
        assertEquals(List.of("1", "end"), seen);
    }

    @Test
    void aListenerThatThrowsGetsTheNextEvent() throws Exception {
        CompletableFuture<Throwable> reported = new CompletableFuture<>();
        CompletableFuture<String> next = new CompletableFuture<>();
        Context context = vertx.getOrCreateContext();
        context.exceptionHandler(reported::complete);
        context.runOnContext(ignored -> {
            DomainEventStream stream = stream(new EventStreamOptions());
            stream.handler(event -> {
                if (event.type().equals("1")) {
                    throw new IllegalStateException("on purpose");
                }
                next.complete(event.type());
            });
            stream.offer(event("a", EventKind.LIFECYCLE, "1"));
            stream.offer(event("a", EventKind.LIFECYCLE, "2"));
        });
        assertEquals("2", next.get(SECONDS, TimeUnit.SECONDS));
        assertEquals("on purpose", reported.get(SECONDS, TimeUnit.SECONDS).getMessage());
    }

    @Test
    void aWorkerKeepsTheOrderAndLeavesTheLoop() throws Exception {
        int count = 2_000;
        List<String> seen = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(count);
        DomainEventStream stream =
                stream(new EventStreamOptions().setWorker(true).setCapacity(count));
        stream.handler(event -> {
            assertTrue(Context.isOnWorkerThread(), "on a worker");
            seen.add(event.type());
            all.countDown();
        });
        for (int i = 0; i < count; i++) {
            stream.offer(event("a", EventKind.LIFECYCLE, Integer.toString(i)));
        }
        assertTrue(all.await(SECONDS, TimeUnit.SECONDS), () -> "events not delivered: " + all.getCount());
        for (int i = 0; i < count; i++) {
            assertEquals(Integer.toString(i), seen.get(i));
        }
    }

    @Test
    void aSlowListenerIsCounted() throws Exception {
        DomainEventStream stream =
                stream(new EventStreamOptions().setWorker(true).setSlowListener(Duration.ofNanos(1)));
        CountDownLatch done = new CountDownLatch(2);
        stream.handler(event -> done.countDown());
        stream.offer(event("a", EventKind.LIFECYCLE, "1"));
        stream.offer(event("a", EventKind.LIFECYCLE, "2"));
        assertTrue(done.await(SECONDS, TimeUnit.SECONDS), "both delivered");
        // The first call has been judged when the second has begun.
        assertTrue(stream.slowCalls() >= 1, "named as slow");
    }

    private DomainEventStream stream(EventStreamOptions options) {
        return new DomainEventStream(vertx, "test", options, ignored -> {});
    }
}
