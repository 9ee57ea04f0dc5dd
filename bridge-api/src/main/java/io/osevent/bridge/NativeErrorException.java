package io.osevent.bridge;

/** A system call failed: which, with what error, for what. */
public final class NativeErrorException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The error number. */
    private final int errno;

    /**
     * Names a failure.
     *
     * @param call the system call, such as {@code "epoll_ctl(ADD)"}
     * @param errno its positive error number
     * @param subject what it was about
     */
    public NativeErrorException(String call, int errno, Object subject) {
        super(call + " failed with " + Errno.name(errno) + " for " + subject);
        this.errno = errno;
    }

    /**
     * The error number.
     *
     * @return a positive number, see {@link Errno}
     */
    public int errno() {
        return errno;
    }
}
