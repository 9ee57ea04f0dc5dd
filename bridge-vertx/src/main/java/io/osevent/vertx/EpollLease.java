package io.osevent.vertx;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import io.osevent.bridge.EventSet;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.RejectedExecutionException;

/** A lease on Netty's epoll transport: the set's descriptor stands in the loop's own epoll set, level-triggered. */
final class EpollLease extends LoopLease implements EpollIoHandle {
    private final FileDescriptor fd;
    private final Runnable nextTurn = this::turn;
    private IoRegistration registration;

    /** The last turn was not done. Loop only, as the next. */
    private boolean more;

    /** A task for the next turn is in the loop's queue, which may be longer than the loop serves between two waits. */
    private boolean posted;

    private EpollLease(ContextInternal context, EventSet set, Runnable whenEnded) {
        super(context, set, whenEnded);
        this.fd = new FileDescriptor(set.fd());
    }

    /** Typed as its parent: the verifier would otherwise load this class, and Netty's, wherever a lease is made. */
    static LoopLease create(ContextInternal context, EventSet set, Runnable whenEnded) {
        return new EpollLease(context, set, whenEnded);
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
        registration.submit(EpollIoOps.EPOLLIN);
    }

    /**
     * The first turn at once. One that follows a turn that was not done only after the loop's other descriptors: what
     * became ready during the former turn stands behind the set in epoll's list, and would wait for two turns. Netty runs
     * tasks when it has handled everything that one wait has reported.
     */
    @Override
    public void handle(IoRegistration ignored, IoEvent event) {
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

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    /** Netty's loop ends. The descriptor is the set's, and stays open. */
    @Override
    public void close() {
        end();
    }
}
