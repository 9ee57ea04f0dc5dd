package io.osevent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BusConsoleTest {

    private static final long SECONDS = 20;
    private static final int CHUNK = 8 * 1024;
    private static final BusConsole.Watch QUICK = new BusConsole.Watch(50, 500);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private BusConsole near;
    private BusConsole far;

    @BeforeEach
    void connect() throws Exception {
        near = on(() -> new BusConsole(vertx, "near", "far", "the far end", QUICK));
        far = on(() -> new BusConsole(vertx, "far", "near", "the near end", QUICK));
        near.listening().await();
        far.listening().await();
        on(() -> {
            near.connected();
            far.connected();
            return null;
        });
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void bytesGoBothWays() throws Exception {
        on(() -> near.handler(data -> told.add("near " + data)));
        on(() -> far.handler(data -> told.add("far " + data)));
        on(() -> near.write(Buffer.buffer("a")));
        assertEquals("far a", next());
        on(() -> far.write(Buffer.buffer("b")));
        assertEquals("near b", next());
    }

    @Test
    void aReaderThatPausesHoldsTheWriter() throws Exception {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        on(() -> far.handler(data -> told.add(String.valueOf(data.length()))).pause());
        on(() -> near.drainHandler(drained::complete));
        int sent = 0;
        while (!on(() -> near.writeQueueFull())) {
            on(() -> near.write(Buffer.buffer(new byte[CHUNK])));
            sent++;
        }
        assertEquals(8, sent, "a window of them");
        // Enough for several signs of life: none of them frees the window, and none ends it.
        CompletableFuture<Void> later = new CompletableFuture<>();
        vertx.setTimer(10 * QUICK.everyMillis(), ignored -> later.complete(null));
        later.get(SECONDS, TimeUnit.SECONDS);
        assertTrue(on(() -> near.writeQueueFull()));
        assertTrue(told.isEmpty());
        on(() -> far.fetch(1));
        assertEquals(String.valueOf(CHUNK), next());
        drained.get(SECONDS, TimeUnit.SECONDS);
        assertFalse(on(() -> near.writeQueueFull()));
        on(() -> far.resume());
        for (int i = 1; i < sent; i++) {
            assertEquals(String.valueOf(CHUNK), next());
        }
    }

    @Test
    void whatWasSentBeforeTheEndArrivesBeforeTheEnd() throws Exception {
        on(() -> far.handler(data -> told.add(data.toString()))
                .endHandler(ignored -> told.add("end"))
                .exceptionHandler(cause -> told.add("failed"))
                .pause());
        on(() -> near.write(Buffer.buffer("last words")));
        on(() -> near.close());
        on(() -> far.resume());
        assertEquals("last words", next());
        assertEquals("end", next());
        assertTrue(on(() -> far.write(Buffer.buffer("too late"))).failed());
    }

    @Test
    void theReasonOfAnEndIsTold() throws Exception {
        on(() -> far.handler(data -> {})
                .exceptionHandler(cause -> told.add(cause.getMessage()))
                .endHandler(ignored -> told.add("end")));
        on(() -> near.close("the guest is gone"));
        assertEquals("the guest is gone", next());
        assertEquals("end", next());
    }

    @Test
    void anEndThatVanishesIsMissed() throws Exception {
        BusConsole lonely = on(() -> new BusConsole(vertx, "lonely", "nobody", "its agent", QUICK)
                .exceptionHandler(cause -> told.add(cause.getMessage())));
        on(() -> {
            lonely.connected();
            return null;
        });
        assertEquals("its agent does not answer any more", next());
    }

    private String next() throws Exception {
        String next = told.poll(SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new IllegalStateException("nothing within " + SECONDS + " s");
        }
        return next;
    }

    private <T> T on(Callable<T> work) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        context.runOnContext(ignored -> {
            try {
                done.complete(work.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(SECONDS, TimeUnit.SECONDS);
    }
}
