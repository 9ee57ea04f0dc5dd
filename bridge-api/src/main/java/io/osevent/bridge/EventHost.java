package io.osevent.bridge;

/**
 * An event loop that can watch an event set: the service provider's side of the bridge. A host knows nothing of
 * registrations; it watches one descriptor and runs turns.
 */
public interface EventHost {
    /**
     * Begins to watch {@link EventSet#fd} for readability, level-triggered, and to run {@link EventSet#turn} on one
     * thread whenever it is readable. Any thread.
     *
     * @param set the set, leased to nobody else
     * @param ended run once, by any thread, if the host's loop ends before {@link Lease#cancel} was called, after the
     *     last turn has returned
     * @return the lease
     * @throws IllegalStateException if the loop has ended already
     */
    Lease lease(EventSet set, Runnable ended);

    /**
     * Names the host for messages.
     *
     * @return one line, such as {@code "Vert.x event loop (epoll)"}
     */
    @Override
    String toString();
}
