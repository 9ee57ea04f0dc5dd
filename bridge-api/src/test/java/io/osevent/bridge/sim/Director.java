package io.osevent.bridge.sim;

import io.osevent.bridge.EventSetStats;
import io.osevent.bridge.Interest;
import io.osevent.bridge.NativeErrorException;
import io.osevent.bridge.ObservedCore;
import io.osevent.bridge.SimKernel.CallName;
import java.util.List;

/** The course of one schedule: wild threads first; then the promises are called in, one after the other. */
final class Director {
    private final World world;
    private int wild;

    Director(World world) {
        this.world = world;
        int threads = world.dice.between(1, 4);
        int operations = world.dice.between(3, 36 / threads);
        wild = threads;
        for (int i = 0; i < threads; i++) {
            world.scheduler.spawn("thread" + i, () -> {
                world.script.runThread(operations);
                wild--;
            });
        }
    }

    void run() {
        world.scheduler.await("the threads", () -> wild == 0);
        world.scheduler.log("---- calm");
        world.script.calm = true;
        world.scheduler.await("what callbacks have begun", () -> world.underWay == 0);
        askAgain();
        busyLoopStillServes();
        silenceWhatNeverEnds();
        settle("the threads have ended");
        timePasses();
        close();
        end();
    }

    /** A worker that rejected a call leaves the fd paused until the library asks again. */
    private void askAgain() {
        world.workers.forEach(w -> {
            w.rejects = 0;
        });
        for (CallName call : CallName.values()) {
            world.kernel.failNext(call, 0);
        }
        for (SimFd fd : List.copyOf(world.fds)) {
            if (fd.life().isLive() && fd.life().home.enter()) {
                world.script.modify(fd, fd.asked());
                fd.life().home.exit();
            }
        }
    }

    /** While timers of every turn and ready files keep the loop busy, everybody is served in a bounded number of turns. */
    private void busyLoopStillServes() {
        SimContext library = world.contexts.get(0);
        world.script.lazy = true;
        SimTimeout busy = world.script.addPeriodic(library, 0);
        int[] before = world.fds.stream().mapToInt(f -> f.life().calls).toArray();
        boolean[] ready = new boolean[before.length];
        for (int i = 0; i < before.length; i++) {
            SimFd fd = world.fds.get(i);
            ready[i] = world.mustHear(fd) && (fd.regular || world.isReady(fd));
        }
        int enough = world.turns() + 8 + 2 * (world.fds.size() + world.timeouts.size());
        world.scheduler.await("turns of a busy loop", () -> world.turns() >= enough);
        for (int i = 0; i < before.length; i++) {
            SimFd fd = world.fds.get(i);
            // A call-in on a worker keeps the whole fd waiting, as long as it takes.
            boolean onWorker = world.fds.stream().anyMatch(f -> f.fd() == fd.fd() && f.life().home.worker != null);
            if (ready[i] && !onWorker && world.mustHear(fd) && fd.life().calls == before[i]) {
                world.fail("starved: " + fd + " was ready all the time, and was not called in " + enough + " turns");
            }
        }
        world.script.lazy = false;
        world.script.remove(busy);
    }

    private void silenceWhatNeverEnds() {
        for (SimTimeout timer : List.copyOf(world.timeouts)) {
            if (timer.mayRunInEveryTurn()
                    && timer.life().isLive()
                    && timer.life().home.enter()) {
                world.script.reschedule(timer, 1);
                timer.life().home.exit();
            }
        }
        for (SimFd fd : List.copyOf(world.fds)) {
            if (fd.regular && fd.life().isLive() && fd.life().home.enter()) {
                world.script.modify(fd, 0);
                fd.life().home.exit();
            }
        }
    }

    /** Nothing is left to do after a bounded number of turns, and nothing was lost. */
    private void settle(String when) {
        world.scheduler.log("---- settle: " + when);
        int turns = world.turns();
        long timersDue = world.timeouts.size();
        world.scheduler.awaitIdle();
        int took = world.turns() - turns;
        long bound = 40 + 6L * (world.fds.size() + timersDue) + 4L * world.zombies + 4L * world.contexts.size();
        if (took > bound) {
            world.fail(took + " turns until the loop slept, after " + when + "; at most " + bound + " are expected");
        }
        if (world.leases != 1) {
            world.fail(world.leases + " leases after " + when + "; holder " + world.keeper.holder());
        }
        world.checkNothingIsLost();
    }

    private void timePasses() {
        long last = world.kernel.nanoTime();
        for (SimTimeout timeout : world.timeouts) {
            if (timeout.life().isLive() && timeout.latest() != Long.MAX_VALUE) {
                last = Math.max(last, timeout.latest());
            }
        }
        world.kernel.advance(last - world.kernel.nanoTime() + 1_000);
        settle("time has passed");
        for (SimTimeout timeout : world.timeouts) {
            boolean timed = timeout.oneShot && timeout.latest() != Long.MAX_VALUE;
            if (timed && timeout.life().isLive() && timeout.life().home.delivers()) {
                world.fail("undelivered: " + timeout);
            }
        }
    }

    private void close() {
        for (SimContext context : world.contexts) {
            if (!context.permanent && !context.isStarted()) {
                context.close();
            }
        }
        for (SimFd fd : List.copyOf(world.fds)) {
            if (fd.life().home.permanent) {
                world.script.remove(fd);
            }
        }
        for (SimTimeout timeout : List.copyOf(world.timeouts)) {
            if (timeout.life().home.permanent) {
                world.script.remove(timeout);
            }
        }
        settle("everything was closed");
        for (SimContext context : world.contexts) {
            checkClosed(context);
        }
        checkNothingIsLeft();
    }

    private void checkClosed(SimContext context) {
        if (context.permanent) {
            return;
        }
        if (context.report() == null) {
            world.fail(context.name + ": its teardown hangs; held by " + ObservedCore.holders(context.context));
        }
        boolean refused = context.hasRejected();
        if (!context.report().freed() && !refused) {
            world.fail(context.name + ": " + context.report().detail());
        }
        if (context.report().freed() != context.isFreed()) {
            world.fail(context.name + ": report and deed differ: "
                    + context.report().detail());
        }
    }

    private void checkNothingIsLeft() {
        EventSetStats stats = world.set.stats();
        if (stats.unfinished() != 0 || stats.fds() != 0 || stats.timeouts() != 0 || stats.finalizersQueued() != 0) {
            world.fail("left over: " + stats + " " + world.set.describe());
        }
        for (SimContext context : world.contexts) {
            for (Modelled registration : world.registrationsOf(context)) {
                Life life = registration.life();
                if (life.added && life.frees != 1 || life.refused && life.frees != 0) {
                    world.fail(life.name + ": ff ran " + life.frees + " times");
                }
            }
        }
        String left = world.kernel.describe(ObservedCore.backSet(world.set));
        if (world.zombies == 0 && !left.isEmpty()) {
            world.fail("left over in the kernel's set: " + left);
        }
        if (stats.rebuilds() > world.zombies) {
            world.fail(stats.rebuilds() + " rebuilds for " + world.zombies + " zombies at most");
        }
        long stale = 3L * world.zombies + world.removals + 2L * world.fds.size();
        if (stats.staleTags() > stale) {
            world.fail(stats.staleTags() + " stale tags, at most " + stale + " are expected");
        }
        if (!world.script.allFailuresSeen()) {
            world.fail("a callback's failure went unseen");
        }
    }

    private void end() {
        world.stop();
        world.scheduler.await("the end of the lease", () -> world.leases == 0);
        world.set.close();
        world.script.closeFiles();
        if (world.kernel.openDescriptors() != world.descriptorsAtStart()) {
            world.fail("the closed set leaves descriptors open");
        }
        SimContext library = world.contexts.get(0);
        int number = world.kernel.open();
        SimFd late = new SimFd(world, library, "late", number, Interest.READABLE);
        try {
            world.set.add(late);
            world.fail("a closed set accepts a registration");
        } catch (NativeErrorException closed) {
            world.scheduler.log(closed.getMessage());
        }
    }
}
