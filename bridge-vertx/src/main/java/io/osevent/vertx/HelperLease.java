package io.osevent.vertx;

import io.osevent.bridge.EventSet;
import io.osevent.bridge.Harvest;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A lease on a loop that cannot watch a bare descriptor, such as NIO's: a daemon thread waits for the set and posts a turn
 * to the loop, one at a time, and waits again only when that turn has returned.
 */
final class HelperLease extends LoopLease implements Runnable {
    private final Harvest front;
    private final Semaphore turnEnded = new Semaphore(0);
    private final Runnable turn = this::turn;

    HelperLease(ContextInternal context, EventSet set, Runnable whenEnded) {
        super(context, set, whenEnded);
        this.front = set.port().newHarvest(1);
    }

    @Override
    void watch() {
        Thread thread = new Thread(this, "osevent-nio-helper");
        thread.setDaemon(true);
        thread.start();
        // A loop that is terminated without a word runs no turn: the helper must not wait for one, nor for the set.
        ifTerminated(() -> {
            turnEnded.release();
            set.wake();
        });
    }

    @Override
    public void run() {
        try {
            while (!isCancelled() && set.port().await(set.fd(), front, 1, -1) >= 0) {
                if (!isCancelled()) {
                    loop.execute(turn);
                    turnEnded.acquireUninterruptibly();
                }
            }
        } catch (RejectedExecutionException gone) {
            end();
        } finally {
            super.finish();
        }
    }

    /**
     * While there is more to do the loop goes on by itself, with a scheduled task, which waits for the loop's next round:
     * posted tasks, the helper's too, would keep it from its sockets for up to a second.
     */
    private void turn() {
        if (!runTurn() || !goesOn()) {
            turnEnded.release();
        }
    }

    private boolean goesOn() {
        try {
            loop.schedule(turn, 0, TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException gone) {
            return false;
        }
    }

    /** The thread sleeps in the kernel; a turn that is due by time wakes it. */
    @Override
    void forget() {
        set.wake();
    }

    /** The lease has ended when its thread has. */
    @Override
    void finish() {}
}
