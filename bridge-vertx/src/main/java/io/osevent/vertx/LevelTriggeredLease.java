package io.osevent.vertx;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import io.osevent.bridge.EventSet;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.RejectedExecutionException;

/** A lease on a loop that watches the set's descriptor itself, and calls in each of its rounds while it is readable. */
abstract class LevelTriggeredLease extends LoopLease implements IoHandle {
    private final IoOps readable;
    private final Runnable nextTurn = this::turn;
    private IoRegistration registration;

    /** The last turn was not done. Loop only, as the next. */
    private boolean more;

    /** A task for the next turn is in the loop's queue, which may be longer than the loop serves between two waits. */
    private boolean posted;

    LevelTriggeredLease(ContextInternal context, EventSet set, Runnable whenEnded, IoOps readable) {
        super(context, set, whenEnded);
        this.readable = readable;
    }

    @Override
    final void watch() {
        ((IoEventLoop) loop).register(this).addListener(this::registered);
    }

    private void registered(Future<? super IoRegistration> result) {
        if (!result.isSuccess()) {
            end();
            return;
        }
        registration = (IoRegistration) result.getNow();
        registration.submit(readable);
    }

    /**
     * The set is readable. The first turn at once. One that follows a turn that was not done only after the loop's other
     * descriptors: what became ready during the former turn stands behind the set in epoll's list, and would wait for two
     * turns. Netty runs tasks when it has handled everything that one wait has reported.
     */
    final void ready() {
        if (!more) {
            turn();
        } else if (!posted) {
            turnLater();
        }
    }

    private void turn() {
        posted = false;
        more = runTurn();
    }

    private void turnLater() {
        try {
            loop.execute(nextTurn);
            posted = true;
        } catch (RejectedExecutionException ends) {
            // The loop closes this handle, which ends the lease.
        }
    }

    @Override
    void forget() {
        if (registration != null) {
            registration.cancel();
        }
    }

    /** Netty's loop ends. The set's descriptor stays open. */
    @Override
    public final void close() {
        end();
    }
}
