package io.osevent.libxl;

/**
 * Sees what libxl asks of its host and what it is told, for tests and for hunting bugs. The methods are called inside
 * hooks and callbacks, with libxl's lock held in the case of hooks: they must not call libxl, nor wait for anything that
 * may call it. What they throw is logged and otherwise ignored.
 */
public interface HookObserver {
    /** Sees nothing. */
    HookObserver NONE = new HookObserver() {};

    /**
     * {@code fd_register} succeeded.
     *
     * @param token the registration
     * @param fd the file descriptor
     * @param events bits of {@code poll(2)}
     */
    default void fdRegistered(long token, int fd, int events) {}

    /**
     * {@code fd_modify} succeeded.
     *
     * @param token the registration
     * @param events bits of {@code poll(2)}
     */
    default void fdModified(long token, int events) {}

    /**
     * {@code fd_deregister}; from now on there is no call-in for the registration.
     *
     * @param token the registration
     */
    default void fdDeregistered(long token) {}

    /**
     * {@code timeout_register} succeeded.
     *
     * @param token the registration
     * @param deadlineMicros microseconds since the epoch
     */
    default void timeoutRegistered(long token, long deadlineMicros) {}

    /**
     * {@code timeout_modify}, to "now"; also if the timeout was delivered meanwhile.
     *
     * @param token the registration
     */
    default void timeoutModified(long token) {}

    /**
     * {@code libxl_osevent_occurred_fd} is about to be called.
     *
     * @param token the registration
     * @param revents bits of {@code poll(2)}
     */
    default void occurredFd(long token, int revents) {}

    /**
     * {@code libxl_osevent_occurred_timeout} is about to be called.
     *
     * @param token the registration
     */
    default void occurredTimeout(long token) {}

    /**
     * An operation's callback.
     *
     * @param function the function that began it
     * @param rc its result
     */
    default void operationCompleted(String function, int rc) {}

    /**
     * {@code event_occurs}.
     *
     * @param event the event
     */
    default void eventOccurred(RawEvent event) {}
}
