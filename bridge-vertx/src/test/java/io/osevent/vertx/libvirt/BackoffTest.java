package io.osevent.vertx.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void doublesUpToItsCap() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), () -> 1.0);
        long[] delays = LongStream.generate(backoff::nextMillis).limit(6).toArray();
        assertEquals("100,200,400,800,1000,1000", join(delays));
    }

    @Test
    void jitterTakesUpToHalfAway() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), () -> 0.0);
        assertEquals(
                "50,100,200,400,500",
                join(LongStream.generate(backoff::nextMillis).limit(5).toArray()));
    }

    @Test
    void staysAtItsCapHoweverOften() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), () -> 1.0);
        assertTrue(LongStream.generate(backoff::nextMillis).limit(200).allMatch(delay -> delay > 0 && delay <= 30_000));
    }

    @Test
    void beginsAnewAfterReset() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), () -> 1.0);
        backoff.nextMillis();
        backoff.nextMillis();
        backoff.reset();
        assertEquals(100, backoff.nextMillis());
    }

    private static String join(long[] delays) {
        return String.join(",", LongStream.of(delays).mapToObj(Long::toString).toList());
    }
}
