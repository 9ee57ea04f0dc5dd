package io.osevent.vertx;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.uring.IoUringIoHandle;
import io.osevent.bridge.EventSet;
import io.vertx.core.internal.ContextInternal;

/** The ways in which an event loop can watch a set. */
enum Transport {
    EPOLL("epoll") {
        @Override
        boolean fits(IoEventLoop loop) {
            return loop.isCompatible(EpollIoHandle.class);
        }

        @Override
        LoopLease newLease(ContextInternal context, EventSet set, Runnable whenEnded) {
            return EpollLease.create(context, set, whenEnded);
        }
    },
    IO_URING("io_uring") {
        @Override
        boolean fits(IoEventLoop loop) {
            return loop.isCompatible(IoUringIoHandle.class);
        }

        @Override
        LoopLease newLease(ContextInternal context, EventSet set, Runnable whenEnded) {
            return IoUringLease.create(context, set, whenEnded);
        }
    },
    NIO("nio") {
        @Override
        boolean fits(IoEventLoop loop) {
            return loop.isCompatible(NioIoHandle.class);
        }

        @Override
        LoopLease newLease(ContextInternal context, EventSet set, Runnable whenEnded) {
            return NioLease.create(context, set, whenEnded);
        }
    },
    /** Any loop that runs tasks. */
    HELPER("helper") {
        @Override
        boolean fits(IoEventLoop loop) {
            return true;
        }

        @Override
        LoopLease newLease(ContextInternal context, EventSet set, Runnable whenEnded) {
            return new HelperLease(context, set, whenEnded);
        }
    };

    private final String label;

    Transport(String label) {
        this.label = label;
    }

    abstract boolean fits(IoEventLoop loop);

    abstract LoopLease newLease(ContextInternal context, EventSet set, Runnable whenEnded);

    static Transport of(EventLoop loop) {
        if (loop instanceof IoEventLoop ioLoop) {
            for (Transport transport : values()) {
                if (transport.isThereFor(ioLoop)) {
                    return transport;
                }
            }
        }
        return HELPER;
    }

    /** Netty's classes of the native transports are optional on the class path. */
    private boolean isThereFor(IoEventLoop loop) {
        try {
            return fits(loop);
        } catch (NoClassDefFoundError absent) {
            return false;
        }
    }

    @Override
    public String toString() {
        return label;
    }
}
