package io.osevent.agent;

/** How far the wall clock has been moved, by hand or by a time service, against the clock that only runs. */
final class ClockOffset {

    private final long wallMillis = System.currentTimeMillis();
    private final long nanos = System.nanoTime();

    double seconds() {
        long wall = System.currentTimeMillis() - wallMillis;
        long ran = (System.nanoTime() - nanos) / 1_000_000;
        return (wall - ran) / 1000.0;
    }
}
