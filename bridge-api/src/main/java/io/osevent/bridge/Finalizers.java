package io.osevent.bridge;

/**
 * Registrations whose last reference has gone, first come first served: each waits here for its ff with the finalizer's
 * reference. Linked through the registrations, so that queueing cannot fail. Under the set's lock.
 */
final class Finalizers {
    private Registration head;
    private Registration tail;
    private int size;

    void add(Registration registration) {
        if (tail == null) {
            head = registration;
        } else {
            tail.nextFinalizer = registration;
        }
        tail = registration;
        size++;
    }

    /** The next one to finalize; null if none waits. */
    Registration poll() {
        Registration first = head;
        if (first != null) {
            head = first.nextFinalizer;
            first.nextFinalizer = null;
            if (head == null) {
                tail = null;
            }
            size--;
        }
        return first;
    }

    boolean isEmpty() {
        return head == null;
    }

    int size() {
        return size;
    }
}
