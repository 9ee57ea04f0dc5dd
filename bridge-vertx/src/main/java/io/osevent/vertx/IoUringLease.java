package io.osevent.vertx;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.Future;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.Interest;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.RejectedExecutionException;

/**
 * A lease on Netty's io_uring transport: one-shot polls of the set's descriptor, renewed after each turn, which behaves as
 * level-triggered watching does.
 */
final class IoUringLease extends LoopLease implements IoUringIoHandle {
    /** {@code IORING_OP_POLL_ADD} of {@code io_uring_enter(2)}. */
    private static final byte POLL_ADD = 6;

    private IoRegistration registration;

    /** A poll is in the ring. Loop only, as the registration. */
    private boolean polling;

    private IoUringLease(ContextInternal context, EventSet set, Runnable whenEnded) {
        super(context, set, whenEnded);
    }

    /** Typed as its parent: the verifier would otherwise load this class, and Netty's, wherever a lease is made. */
    static LoopLease create(ContextInternal context, EventSet set, Runnable whenEnded) {
        return new IoUringLease(context, set, whenEnded);
    }

    @Override
    void watch() {
        ((IoEventLoop) loop).register(this).addListener(this::registered);
    }

    private void registered(Future<? super IoRegistration> result) {
        if (!result.isSuccess()) {
            end();
            return;
        }
        registration = (IoRegistration) result.getNow();
        poll();
    }

    private void poll() {
        if (!isCancelled()) {
            polling = true;
            int events = Interest.READABLE;
            short none = 0;
            registration.submit(
                    new IoUringIoOps(POLL_ADD, (byte) 0, none, set.fd(), 0L, 0L, 0, events, 0L, none, none, 0, 0L));
        }
    }

    @Override
    public void handle(IoRegistration ignored, IoEvent event) {
        polling = false;
        if (isCancelled()) {
            forget();
            finish();
        } else {
            runTurn();
            pollLater();
        }
    }

    /**
     * As a task of the loop: Netty submits what a completion's handler submits, and handles what completes of it, 128 times
     * over before it runs any task, so that a set that is always ready would have 128 turns to each of the loop's others.
     */
    private void pollLater() {
        try {
            loop.execute(this::poll);
        } catch (RejectedExecutionException ends) {
            // The loop closes this handle, which ends the lease.
        }
    }

    /** A poll that is in the ring cannot be taken back: it is made to complete, and not renewed. */
    @Override
    void forget() {
        if (registration == null) {
            return;
        }
        if (polling) {
            set.wake();
        } else {
            registration.cancel();
        }
    }

    @Override
    void finish() {
        if (!polling) {
            super.finish();
        }
    }

    /** Netty's loop ends, and its ring with it. */
    @Override
    public void close() {
        polling = false;
        end();
    }
}
