package io.osevent.libvirt;

import io.osevent.bridge.FdRegistration;
import io.osevent.bridge.NativeContext;
import io.osevent.shim.Seam;

/** What {@code virEventAddHandle} registered. */
final class Handle extends FdRegistration {
    private final Seam seam;
    private final int watch;
    private final long callback;
    private final long opaque;
    private final long ff;

    Handle(NativeContext context, Seam seam, int watch, int fd, int events, long callback, long opaque, long ff) {
        super(context, fd, VirEvents.toInterest(events));
        this.seam = seam;
        this.watch = watch;
        this.callback = callback;
        this.opaque = opaque;
        this.ff = ff;
    }

    @Override
    protected void ready(int events) {
        seam.callHandle(callback, watch, fd(), VirEvents.fromInterest(events), opaque);
    }

    @Override
    protected void free() {
        if (ff != 0) {
            seam.callFree(ff, opaque);
        }
    }

    @Override
    public String toString() {
        return "libvirt handle " + watch + " (fd " + fd() + ")";
    }
}
