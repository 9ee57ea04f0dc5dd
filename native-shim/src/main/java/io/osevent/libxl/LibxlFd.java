package io.osevent.libxl;

import io.osevent.bridge.FdRegistration;
import io.osevent.bridge.NativeContext;

/** What {@code fd_register} registered. */
final class LibxlFd extends FdRegistration {
    private final CallIns callIns;
    private final long forLibxl;

    LibxlFd(NativeContext context, CallIns callIns, int fd, int events, long forLibxl) {
        super(context, fd, events);
        this.callIns = callIns;
        this.forLibxl = forLibxl;
    }

    @Override
    protected void ready(int events) {
        // The mask may be an old one by the time that libxl gets its lock: it looks for itself with poll().
        callIns.occurredFd(token(), forLibxl, fd(), interest(), events);
    }

    @Override
    public String toString() {
        return "libxl fd " + fd() + " of " + context();
    }
}
