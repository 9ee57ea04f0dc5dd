package io.osevent.bridge;

/** Error numbers of Linux that a hook can meet, with their names. */
public final class Errno {
    /** Operation not permitted; from epoll: the file does not support it (a regular file). */
    public static final int EPERM = 1;

    /** No such entry; from epoll: the descriptor is not in the set. */
    public static final int ENOENT = 2;

    /** Interrupted system call. */
    public static final int EINTR = 4;

    /** Bad file descriptor. */
    public static final int EBADF = 9;

    /** Cannot allocate memory. */
    public static final int ENOMEM = 12;

    /** Already exists; from epoll: the descriptor is in the set. */
    public static final int EEXIST = 17;

    /** Invalid argument. */
    public static final int EINVAL = 22;

    /** Too many open files in the system. */
    public static final int ENFILE = 23;

    /** Too many open files in the process. */
    public static final int EMFILE = 24;

    /** No space left; from epoll: the user's limit of watches is reached. */
    public static final int ENOSPC = 28;

    /** Too many levels of links; from epoll: a cycle of epoll sets, or too deep a nesting. */
    public static final int ELOOP = 40;

    /** Transport endpoint is shut down; used here for "closed already". */
    public static final int ESHUTDOWN = 108;

    private Errno() {}

    /**
     * The symbolic name.
     *
     * @param errno a positive error number
     * @return such as {@code "EMFILE"}, or {@code "errno 71"} for a number without a name here
     */
    public static String name(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM";
            case ENOENT -> "ENOENT";
            case EINTR -> "EINTR";
            case EBADF -> "EBADF";
            case ENOMEM -> "ENOMEM";
            case EEXIST -> "EEXIST";
            case EINVAL -> "EINVAL";
            case ENFILE -> "ENFILE";
            case EMFILE -> "EMFILE";
            case ENOSPC -> "ENOSPC";
            case ELOOP -> "ELOOP";
            case ESHUTDOWN -> "ESHUTDOWN";
            default -> "errno " + errno;
        };
    }
}
