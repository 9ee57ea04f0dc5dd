package io.osevent.vertx;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import io.osevent.bridge.EventSet;
import io.osevent.shim.DescriptorChannel;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A lease on NIO: the loop's selector watches a duplicate of the set's descriptor, as a channel of Java. */
final class NioLease extends LevelTriggeredLease implements NioIoHandle {
    private static final System.Logger LOG = System.getLogger(NioLease.class.getName());

    private final SelectableChannel channel;

    private NioLease(ContextInternal context, EventSet set, Runnable whenEnded, SelectableChannel channel) {
        super(context, set, whenEnded, NioIoOps.READ);
        this.channel = channel;
        done().whenComplete((nothing, failure) -> closeChannel());
    }

    /** A lease of this kind, or, if there can be no such channel, one with a helper thread, which takes no descriptor. */
    static LoopLease create(ContextInternal context, EventSet set, Runnable whenEnded) {
        try {
            return new NioLease(context, set, whenEnded, DescriptorChannel.over(set.fd()));
        } catch (IOException | LinkageError e) {
            tell(e);
            return new HelperLease(context, set, whenEnded);
        }
    }

    private static void tell(Throwable cause) {
        try {
            LOG.log(
                    System.Logger.Level.INFO,
                    "A helper thread watches for the event loop: NIO cannot do so itself, since {0}",
                    cause.getMessage());
        } catch (Throwable cannotBeTold) {
            // Without descriptors a log may fail for the same reason; the lease begins all the same.
        }
    }

    @Override
    public void handle(IoRegistration ignored, IoEvent event) {
        ready();
    }

    @Override
    public SelectableChannel selectableChannel() {
        return channel;
    }

    @Override
    void forget() {
        super.forget();
        closeChannel();
    }

    /** A selector lets go of a key, and closes the descriptor of a closed channel, when it selects the next time. */
    @Override
    void finish() {
        try {
            loop.schedule(super::finish, 0, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException gone) {
            // The loop's end completes it.
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "closing the channel of a lease", e);
        }
    }
}
