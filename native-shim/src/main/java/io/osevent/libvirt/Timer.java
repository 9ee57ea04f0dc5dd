package io.osevent.libvirt;

import io.osevent.bridge.NativeContext;
import io.osevent.bridge.TimeoutRegistration;
import io.osevent.shim.Seam;

/** What {@code virEventAddTimeout} registered. */
final class Timer extends TimeoutRegistration {
    private final Seam seam;
    private final int id;
    private final long callback;
    private final long opaque;
    private final long ff;

    Timer(NativeContext context, Seam seam, int id, int periodMillis, long callback, long opaque, long ff) {
        super(context, periodMillis);
        this.seam = seam;
        this.id = id;
        this.callback = callback;
        this.opaque = opaque;
        this.ff = ff;
    }

    @Override
    protected void expired() {
        seam.callTimeout(callback, id, opaque);
    }

    @Override
    protected void free() {
        if (ff != 0) {
            seam.callFree(ff, opaque);
        }
    }

    @Override
    public String toString() {
        return "libvirt timer " + id;
    }
}
