package io.osevent.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.libxl.Libxl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What can be said of a context where there is no libxl; the rest is in the rigs. */
class LibxlContextTest {
    private static final long BOUND_SECONDS = 20;

    @Test
    void withoutLibxlItSaysSoInOneLineAndLeavesNothingBehind() throws Exception {
        System.setProperty(Libxl.PROPERTY, "0.1");
        Vertx vertx = Vertx.vertx();
        try {
            int before = threadsOfContexts();
            Throwable refused = failure(LibxlContext.open(vertx));
            assertInstanceOf(UnsupportedOperationException.class, refused);
            assertTrue(refused.getMessage().contains("install"), refused.getMessage());
            assertEquals(1, refused.getMessage().lines().count());
            awaitThreads(before);
        } finally {
            System.clearProperty(Libxl.PROPERTY);
            get(vertx.close());
        }
    }

    @Test
    void aVertxThatIsClosedIsOneClearLine() throws Exception {
        int before = threadsOfContexts();
        Vertx vertx = Vertx.vertx();
        get(vertx.close());
        Throwable refused = failure(LibxlContext.open(vertx));
        assertEquals("this Vert.x is closed", refused.getMessage());
        awaitThreads(before);
    }

    @Test
    void refusesACloseTimeoutThatIsNone() {
        LibxlOptions options = new LibxlOptions();
        assertThrows(IllegalArgumentException.class, () -> options.setCloseTimeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> options.setCloseTimeout(Duration.ofDays(30)));
        assertEquals(
                Duration.ofMillis(1),
                options.setCloseTimeout(Duration.ofMillis(1)).getCloseTimeout());
    }

    private static int threadsOfContexts() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("osevent-libxl"))
                .count();
    }

    private static void awaitThreads(int wanted) {
        long start = System.nanoTime();
        while (threadsOfContexts() > wanted) {
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(BOUND_SECONDS), "its thread has ended");
            Thread.onSpinWait();
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    private static Throwable failure(Future<?> future) throws Exception {
        return assertThrows(ExecutionException.class, () -> get(future)).getCause();
    }
}
