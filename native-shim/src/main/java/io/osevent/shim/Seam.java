package io.osevent.shim;

import io.osevent.bridge.NativePort;

/**
 * A {@link NativePort} that also calls into C: a foreign library's callbacks, and libxl's {@code occurred} functions.
 *
 * <p>Functions and opaques are native addresses. Calls may come from any thread and may nest: the C function may call
 * back into Java, which may call again. None of them allocates. A function that is not what the call says it is takes
 * the process down, as it would in C.
 */
public interface Seam extends NativePort {
    /**
     * Which of the implementations this is.
     *
     * @return the kind
     */
    SeamKind kind();

    /**
     * {@code void function(int watch, int fd, int events, void *opaque)}: libvirt's {@code virEventHandleCallback}.
     *
     * @param function address of the function
     * @param watch the registration's id
     * @param fd the file descriptor
     * @param events what happened, in the library's own bits
     * @param opaque the library's own pointer
     */
    void callHandle(long function, int watch, int fd, int events, long opaque);

    /**
     * {@code void function(int timer, void *opaque)}: libvirt's {@code virEventTimeoutCallback}.
     *
     * @param function address of the function
     * @param timer the registration's id
     * @param opaque the library's own pointer
     */
    void callTimeout(long function, int timer, long opaque);

    /**
     * {@code void function(void *opaque)}: libvirt's {@code virFreeCallback}.
     *
     * @param function address of the function
     * @param opaque the library's own pointer
     */
    void callFree(long function, long opaque);

    /**
     * {@code void function(libxl_ctx *, void *for_libxl, int fd, short events, short revents)}:
     * {@code libxl_osevent_occurred_fd}.
     *
     * @param function address of the function
     * @param ctx the libxl context
     * @param forLibxl what libxl gave with the registration
     * @param fd the file descriptor
     * @param events the registration's interest
     * @param revents what happened
     */
    void occurredFd(long function, long ctx, long forLibxl, int fd, int events, int revents);

    /**
     * {@code void function(libxl_ctx *, void *for_libxl)}: {@code libxl_osevent_occurred_timeout}.
     *
     * @param function address of the function
     * @param ctx the libxl context
     * @param forLibxl what libxl gave with the registration
     */
    void occurredTimeout(long function, long ctx, long forLibxl);

    /**
     * Makes a {@code struct xentoollog_logger}. It formats each line and hands it to
     * {@code void sink(void *opaque, int level, int errnoval, const char *context, const char *message)}; errnoval is -1
     * and context is NULL where libxl names none, and both strings live until the sink returns.
     *
     * @param sink address of the function that takes the lines, on whatever thread logs
     * @param opaque given to the sink
     * @param minLevel the lowest {@code xentoollog_level} that is formatted
     * @return the logger's address, or 0 if there is no memory
     */
    long createLogger(long sink, long opaque, int minLevel);

    /**
     * Frees a logger that nothing uses any more.
     *
     * @param logger what {@link #createLogger} returned
     */
    void destroyLogger(long logger);
}
