package io.osevent.bridge;

import java.util.concurrent.TimeUnit;

/** What is armed: timeouts with a deadline, and timers of every turn. Under the set's lock. */
final class Timers {
    private final NativePort port;
    private final TimeoutList timeouts = new TimeoutList();
    private final ZeroTimers zeros = new ZeroTimers();

    Timers(NativePort port) {
        this.port = port;
    }

    /** What is armed from here on is due in a later turn. */
    void beginTurn(long now) {
        timeouts.beginTurn(now);
    }

    /** Arms a periodic timer from now; one that is off stays so. */
    void arm(TimeoutRegistration timer) {
        if (timer.period() == 0) {
            zeros.add(timer);
        } else if (timer.period() > 0) {
            timeouts.arm(timer, port.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timer.period()));
        }
    }

    /** Arms or re-arms a one-shot timeout for a deadline of {@link NativePort#nanoTime}. */
    void arm(TimeoutRegistration timeout, long deadline) {
        timeouts.arm(timeout, deadline);
    }

    /** Makes a timeout due now; not one that has been taken off the list: it is on its way. */
    void armNow(TimeoutRegistration timeout) {
        if (timeout.index >= 0) {
            timeouts.arm(timeout, port.nanoTime());
        }
    }

    /** Nothing happens if the timeout is not armed. */
    void disarm(TimeoutRegistration timer) {
        if (timer.period() == 0) {
            zeros.remove(timer);
        } else {
            timeouts.disarm(timer);
        }
    }

    /** The first timeout with a deadline at or before a time; null if there is none. */
    TimeoutRegistration due(long time) {
        return timeouts.minimum() <= time ? timeouts.first() : null;
    }

    /** The timers of every turn; one that a callback adds waits for the next turn. */
    TimeoutRegistration[] everyTurn() {
        return zeros.snapshot();
    }

    /** When the next turn is due by time; {@link Alarm#NEVER} if nothing is armed. */
    long minimum() {
        return zeros.isEmpty() ? timeouts.minimum() : Alarm.NOW;
    }
}
