package io.osevent.bridge;

/**
 * Registrations whose last reference has gone, first come first served: each waits here for its ff with the finalizer's
 * reference. The first one waits a moment for others, so that a burst of removals wakes the loop once. Linked through the
 * registrations, so that queueing cannot fail. Under the set's lock.
 */
final class Finalizers {
    private final NativePort port;
    private final long delayNanos;

    /** When the queue is due; means something while it is not empty. */
    private long due;

    private Registration head;
    private Registration tail;
    private int size;

    /**
     * An empty queue.
     *
     * @param port whose clock counts
     * @param delayNanos how long the first one waits for others
     */
    Finalizers(NativePort port, long delayNanos) {
        this.port = port;
        this.delayNanos = delayNanos;
    }

    void add(Registration registration) {
        if (tail == null) {
            head = registration;
            due = delayNanos == 0 ? Alarm.NOW : port.nanoTime() + delayNanos;
        } else {
            tail.nextFinalizer = registration;
        }
        tail = registration;
        size++;
    }

    /** The next ones to finalize, at most so many, 1 or more; null if none waits. */
    Registration take(int most) {
        Registration first = head;
        if (first != null) {
            Registration last = first;
            size--;
            for (int i = 1; i < most && last.nextFinalizer != null; i++) {
                last = last.nextFinalizer;
                size--;
            }
            head = last.nextFinalizer;
            last.nextFinalizer = null;
            if (head == null) {
                tail = null;
            }
        }
        return first;
    }

    /** When a turn is due for them; {@link Alarm#NEVER} if none waits. */
    long due() {
        return head == null ? Alarm.NEVER : due;
    }

    int size() {
        return size;
    }
}
