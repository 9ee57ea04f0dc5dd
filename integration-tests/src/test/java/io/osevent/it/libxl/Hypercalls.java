package io.osevent.it.libxl;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds a thread inside a hypercall, and so inside libxl, with its lock held. */
final class Hypercalls {
    private static final long BOUND_SECONDS = 20;

    interface Hook extends Callback {
        void invoke(int op, int command, int domid);
    }

    private static final class Edge {
        static {
            Native.register(Edge.class, "xenstub");
        }

        static native void xenstub_set_hook(Hook hook);
    }

    /** Held, for JNA frees what is collected. */
    private static Hook current;

    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final int wanted;

    private Hypercalls(int domid) {
        this.wanted = domid;
    }

    /** The next hypercall about the domain is held until {@link #release}. */
    static Hypercalls hold(int domid) {
        Hypercalls held = new Hypercalls(domid);
        current = held::called;
        Edge.xenstub_set_hook(current);
        return held;
    }

    private void called(int op, int command, int domid) {
        if (domid != wanted || released.getCount() == 0) {
            return;
        }
        inside.countDown();
        try {
            if (!released.await(BOUND_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("a hypercall was never released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until a thread is inside. */
    void awaitInside() throws InterruptedException {
        if (!inside.await(BOUND_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("no hypercall about domain " + wanted);
        }
    }

    void release() {
        released.countDown();
        Edge.xenstub_set_hook(null);
    }
}
