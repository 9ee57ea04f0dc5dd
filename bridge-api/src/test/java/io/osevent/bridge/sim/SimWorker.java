package io.osevent.bridge.sim;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** An ordered worker: one simulated thread, which is as late as the scheduler likes, and rejects when told. */
final class SimWorker implements Executor {
    private final World world;
    private final String name;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;
    private boolean stopped;

    /** How many further tasks it rejects. */
    int rejects;

    boolean rejectedOnce;

    SimWorker(World world, String name) {
        this.world = world;
        this.name = name;
        world.scheduler.spawn(name, this::run);
    }

    @Override
    public void execute(Runnable task) {
        world.expectNoLock("a post to " + name);
        Interleave.point();
        if (rejects > 0) {
            rejects--;
            rejectedOnce = true;
            world.scheduler.log(name + " rejects");
            throw new RejectedExecutionException(name);
        }
        tasks.add(task);
    }

    boolean isIdle() {
        return tasks.isEmpty() && !running;
    }

    void stop() {
        stopped = true;
    }

    private void run() {
        while (true) {
            world.scheduler.await("a task for " + name, () -> stopped || !tasks.isEmpty());
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            running = true;
            task.run();
            running = false;
        }
    }
}
