package io.osevent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QueuedOutputTest {

    private static final int MANY = 20_000;
    private static final long BOUND_MILLIS = 20_000;

    @Test
    void linesComeInOrder() throws Exception {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        QueuedOutput output = new QueuedOutput(new PrintStream(seen, true, StandardCharsets.UTF_8));
        PrintStream printer = output.printer();
        printer.println("one");
        printer.printf("%s-%d%n", "two", 2);
        output.drain(BOUND_MILLIS);
        assertEquals("one\ntwo-2\n", seen.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whoPrintsNeverWaitsAndIsToldWhatWasDropped() throws Exception {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        CountDownLatch goesOn = new CountDownLatch(1);
        QueuedOutput output =
                new QueuedOutput(new PrintStream(stalledUntil(goesOn, seen), true, StandardCharsets.UTF_8));
        PrintStream printer = output.printer();
        for (int i = 0; i < MANY; i++) {
            printer.println(i);
        }
        assertTrue(output.dropped() > 0);
        goesOn.countDown();
        output.drain(BOUND_MILLIS);
        String text = seen.toString(StandardCharsets.UTF_8);
        long dropped = output.dropped();
        assertTrue(text.contains(dropped + " lines were not printed"), "it says so: " + dropped);
        long printed = text.lines().filter(line -> line.matches("[0-9]+")).count();
        assertEquals(MANY, printed + dropped);
    }

    private static OutputStream stalledUntil(CountDownLatch goesOn, ByteArrayOutputStream seen) {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                try {
                    if (!goesOn.await(BOUND_MILLIS, TimeUnit.MILLISECONDS)) {
                        throw new IllegalStateException("nobody let the output go on");
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                seen.write(bytes, offset, length);
            }
        };
    }
}
