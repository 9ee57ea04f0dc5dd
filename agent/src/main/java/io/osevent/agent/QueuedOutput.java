package io.osevent.agent;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Standard output for an event loop: lines wait in a bounded queue for a thread that may block. A terminal that is
 * stopped, or a pipe that nobody reads, must not stop the agent.
 */
final class QueuedOutput extends OutputStream {

    private static final int CAPACITY = 10_000;

    private final PrintStream target;
    private final BlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong queued = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long toldDropped;

    QueuedOutput(PrintStream target) {
        this.target = target;
        Thread thread = new Thread(this::print, "agent-output");
        thread.setDaemon(true);
        thread.start();
    }

    /** What the agent prints to. */
    PrintStream printer() {
        return new PrintStream(this, true, StandardCharsets.UTF_8);
    }

    /** Lines that were not printed. */
    long dropped() {
        return dropped.get();
    }

    @Override
    public synchronized void write(int b) {
        line.write(b);
        if (b == '\n') {
            endLine();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        line.write(bytes, offset, length);
        if (length > 0 && bytes[offset + length - 1] == '\n') {
            endLine();
        }
    }

    private void endLine() {
        if (lines.offer(line.toByteArray())) {
            queued.incrementAndGet();
        } else {
            dropped.incrementAndGet();
        }
        line.reset();
    }

    /** Waits until what was queued is printed, but not for long. */
    void drain(long boundMillis) throws InterruptedException {
        long until = queued.get();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(boundMillis);
        synchronized (written) {
            long left = boundMillis;
            while (written.get() < until && left > 0) {
                written.wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        }
    }

    private void print() {
        try {
            while (true) {
                byte[] next = lines.take();
                target.write(next, 0, next.length);
                tellDropped();
                target.flush();
                synchronized (written) {
                    written.incrementAndGet();
                    written.notifyAll();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellDropped() {
        long now = dropped.get();
        if (now > toldDropped) {
            target.println("agent: " + (now - toldDropped) + " lines were not printed: the output was stalled");
            toldDropped = now;
        }
    }
}
