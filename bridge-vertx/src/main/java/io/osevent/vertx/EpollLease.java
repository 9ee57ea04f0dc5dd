package io.osevent.vertx;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.osevent.bridge.EventSet;
import io.vertx.core.internal.ContextInternal;

/** A lease on Netty's epoll transport: the set's descriptor stands in the loop's own epoll set, level-triggered. */
final class EpollLease extends LevelTriggeredLease implements EpollIoHandle {
    private final FileDescriptor fd;

    private EpollLease(ContextInternal context, EventSet set, Runnable whenEnded) {
        super(context, set, whenEnded, EpollIoOps.EPOLLIN);
        this.fd = new FileDescriptor(set.fd());
    }

    /** Typed as its parent: the verifier would otherwise load this class, and Netty's, wherever a lease is made. */
    static LoopLease create(ContextInternal context, EventSet set, Runnable whenEnded) {
        return new EpollLease(context, set, whenEnded);
    }

    @Override
    public void handle(IoRegistration ignored, IoEvent event) {
        ready();
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }
}
