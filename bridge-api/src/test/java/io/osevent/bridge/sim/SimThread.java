package io.osevent.bridge.sim;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One simulated thread: a real thread that runs only while it holds the scheduler's baton. */
final class SimThread {
    final String name;
    final Lane lane;

    /** Set while it waits for something other than a monitor. */
    BooleanSupplier waitsFor;

    String waitsForWhat;
    boolean waitsForIdle;
    Object blockedOn;
    boolean done;

    /** Monitors of the core that it holds. */
    int coreMonitors;

    int spins;

    /** The hook call that it makes at this moment, so that its effects can be told from the loop's own. */
    Object adding;

    Object removing;

    SimThread(String name, Lane lane) {
        this.name = name;
        this.lane = lane;
    }

    String state() {
        if (done) {
            return name + " has ended";
        }
        return name
                + (blockedOn != null
                        ? " waits for a monitor"
                        : waitsForWhat != null ? " waits for " + waitsForWhat : " can run");
    }

    /** A real thread that serves simulated threads, schedule after schedule. */
    static final class Lane {
        private final Thread thread;
        private volatile boolean go;
        private Runnable body;

        Lane(String name) {
            thread = new Thread(this::serve, name);
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            while (true) {
                await();
                body.run();
            }
        }

        Thread thread() {
            return thread;
        }

        void give(Runnable task) {
            body = task;
        }

        void wake() {
            go = true;
            LockSupport.unpark(thread);
        }

        void await() {
            while (!go) {
                LockSupport.park(this);
            }
            go = false;
        }
    }
}
