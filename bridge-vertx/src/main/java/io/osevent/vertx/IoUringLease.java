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

    /** {@code IORING_OP_NOP}. */
    private static final byte NOP = 0;

    /**
     * A socket's poll, receive and send take a round of the ring each, where epoll's loop does it all in one. After a turn
     * that was not done, the ring goes round so many times more before the next, or each step would wait for a turn.
     */
    private static final int ROUNDS_OF_REST = 2;

    /** So many turns, if they are short, share the cost of the rounds. */
    private static final int TURNS = 2;

    /** Half of the time that a turn has by {@link io.osevent.bridge.TurnLimits#DEFAULT}. */
    private static final long SHORT_NANOS = 100_000;

    private IoRegistration registration;

    /** Rounds that are left before the next poll. Loop only, as the registration. */
    private int rest;

    /** A request is in the ring. */
    private boolean pending;

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
            submit(POLL_ADD, set.fd(), Interest.READABLE);
        }
    }

    private void submit(byte operation, int fd, int events) {
        pending = true;
        short none = 0;
        registration.submit(new IoUringIoOps(operation, (byte) 0, none, fd, 0L, 0L, 0, events, 0L, none, none, 0, 0L));
    }

    @Override
    public void handle(IoRegistration ignored, IoEvent event) {
        pending = false;
        if (isCancelled()) {
            forget();
            finish();
            return;
        }
        if (rest > 0) {
            rest--;
        } else if (runTurns()) {
            rest = ROUNDS_OF_REST;
        }
        if (rest > 0 && !isCancelled()) {
            submit(NOP, -1, 0);
        } else {
            pollLater();
        }
    }

    /** Several turns of short callbacks, or one of long ones; true if there may be more to do. */
    private boolean runTurns() {
        long start = System.nanoTime();
        boolean more = runTurn();
        for (int i = 1; more && i < TURNS && System.nanoTime() - start < SHORT_NANOS; i++) {
            more = runTurn();
        }
        return more;
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
        if (pending) {
            set.wake();
        } else {
            registration.cancel();
        }
    }

    @Override
    void finish() {
        if (!pending) {
            super.finish();
        }
    }

    /** Netty's loop ends, and its ring with it. */
    @Override
    public void close() {
        pending = false;
        end();
    }
}
