package io.osevent.bridge;

/**
 * What a bridge tells about its work. Every method does nothing by default; all are called on the loop's thread (or the
 * context's worker, for {@link #callbackFailed} of its call-ins), no lock held, and must return soon. What
 * they throw is logged, once, and ends nothing. Counts of the present moment are in {@link EventSet#stats()}, from any
 * thread.
 */
public interface BridgeMetrics {
    /** Counts nothing. */
    BridgeMetrics NONE = new BridgeMetrics() {};

    /**
     * A turn has ended.
     *
     * @param nanos how long it took, in nanoseconds
     * @param callbacks how many callbacks of fds, timeouts and finalizers it made
     */
    default void turnEnded(long nanos, int callbacks) {}

    /**
     * A callback took longer than {@link TurnLimits#slowNanos()}.
     *
     * @param names the registration; or the registrations of one harvest, if it is not known which of them it was
     * @param nanos how long it, or they, took, in nanoseconds
     */
    default void slowCallback(String names, long nanos) {}

    /**
     * A callback threw.
     *
     * @param name the registration
     */
    default void callbackFailed(String name) {}

    /**
     * The kernel could not say what is ready. What is ready stays so, and is asked for again in the next turn.
     *
     * @param errno why, see {@link Errno}
     */
    default void harvestFailed(int errno) {}

    /** The kernel reported a tag that no entry has any more; an ordinary removal race, once. */
    default void staleTag() {}

    /**
     * The kernel's set was rebuilt because a stale tag persisted.
     *
     * @param done false if there was no room for another set; it is tried again
     */
    default void rebuilt(boolean done) {}
}
