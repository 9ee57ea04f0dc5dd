package io.osevent.bridge.sim;

import io.osevent.bridge.Errno;
import io.osevent.bridge.Interest;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.NativeErrorException;
import io.osevent.bridge.Registration;
import io.osevent.bridge.SimKernel.CallName;
import java.util.ArrayList;
import java.util.List;

/** What the simulated library, its users and the outside world do at random: on threads of their own and in callbacks. */
final class Script {
    /** What a callback throws when it is to fail. */
    private static final class Intended extends RuntimeException {
        private static final long serialVersionUID = 1;

        Intended() {
            super("intended", null, false, false);
        }
    }

    private static final int FILES_MAX = 6;
    private static final int REGISTRATIONS_MAX = 24;

    private final World world;
    private final Dice dice;
    private final List<Integer> numbers = new ArrayList<>();
    private final List<Integer> copies = new ArrayList<>();
    private final int throwOdds;
    private final int fdShare;
    private final int timeShare;
    private final boolean rude;
    private final boolean failing;
    private int opsInCallbacks;
    private int names;
    private int thrown;
    private int caught;
    private int wallSteps;

    boolean leasesMove;

    /** The end is near: callbacks only take what is there. */
    boolean calm;

    /** Callbacks do not even take what is there. */
    boolean lazy;

    Script(World world) {
        this.world = world;
        this.dice = world.dice;
        throwOdds = dice.oneOf(0, 0, 5);
        fdShare = dice.oneOf(1, 3, 6);
        timeShare = dice.oneOf(0, 1, 3);
        rude = dice.oneIn(2);
        failing = dice.oneIn(3);
        opsInCallbacks = dice.oneOf(0, 5, 20);
    }

    // ---- on threads of their own ------------------------------------------------------------------------------------

    void runThread(int operations) {
        for (int i = 0; i < operations; i++) {
            if (dice.oneIn(6)) {
                pause();
            }
            SimContext context = dice.from(world.contexts);
            world.underWay++;
            if (context.enter()) {
                boolean locked = dice.oneIn(2);
                if (locked) {
                    Interleave.enter(world.libraryLock);
                }
                for (int more = dice.oneOf(1, 1, 1, 4); more > 0; more--) {
                    operation(context);
                }
                if (locked) {
                    Interleave.exit(world.libraryLock);
                }
                context.exit();
            }
            world.underWay--;
            Interleave.point();
        }
    }

    /** Sleeps until the loop does, or a while. */
    private void pause() {
        int until = world.turns() + dice.between(1, 30);
        world.scheduler.await("the loop to sleep", () -> world.isAsleep() || world.turns() >= until);
        if (world.isAsleep()) {
            world.checkNothingIsLost();
        }
    }

    private void operation(SimContext context) {
        int kind = dice.below(fdShare * 2 + timeShare * 2 + 2);
        if (kind < fdShare) {
            fdHook(context);
        } else if (kind < fdShare * 2) {
            file();
        } else if (kind < fdShare * 2 + timeShare * 2) {
            timeHook(context);
        } else {
            other(context);
        }
    }

    // ---- inside callbacks -------------------------------------------------------------------------------------------

    void insideFd(SimFd fd) {
        Interleave.point();
        if (!lazy && (calm || !dice.oneIn(4))) {
            world.kernel.readyBehind(fd.file, 0);
        }
        inside(fd.life(), fd);
    }

    void insideTimeout(SimTimeout timeout) {
        Interleave.point();
        inside(timeout.life(), timeout);
    }

    private void inside(Life life, Registration self) {
        if (!calm && opsInCallbacks > 0 && dice.oneIn(2)) {
            opsInCallbacks--;
            world.underWay++;
            boolean locked = dice.oneIn(3);
            if (locked) {
                Interleave.enter(world.libraryLock);
            }
            if (dice.oneIn(3)) {
                remove(self);
                if (dice.oneIn(3)) {
                    awaitFinalized(self, true);
                }
            } else {
                operation(life.home);
            }
            if (locked) {
                Interleave.exit(world.libraryLock);
            }
            world.underWay--;
        }
        if (life.home.context.phase() == NativeContext.Phase.DRAINING && dice.oneIn(2)) {
            // What the library does to its operations when it is told to stop.
            for (SimTimeout timeout : of(life.home, world.timeouts)) {
                sayNow(timeout);
            }
        }
        life.checkMemory();
        Interleave.point();
    }

    void insideFinalizer(Life life) {
        Interleave.point();
        if (!calm && opsInCallbacks > 0 && life.home.permanent && dice.oneIn(4)) {
            opsInCallbacks--;
            world.underWay++;
            operation(life.home);
            world.underWay--;
        }
    }

    /** A teardown that delivers a timeout itself notes a failure in the log, which has no place here. */
    void perhapsThrow(SimContext home) {
        if (!calm && !home.isStarted() && throwOdds > 0 && dice.oneIn(throwOdds)) {
            thrown++;
            throw new Intended();
        }
    }

    void failed(Throwable failure) {
        if (!(failure instanceof Intended)) {
            world.scheduler.fail(failure);
        }
        caught++;
    }

    boolean allFailuresSeen() {
        return thrown == caught;
    }

    /** The library still has something to do when its event generators are disabled. */
    void whileClosing(SimContext context) {
        if (dice.oneIn(2)) {
            timeHook(context);
        }
        for (SimTimeout timeout : List.copyOf(world.timeouts)) {
            if (timeout.life().home == context && timeout.oneShot && dice.oneIn(2)) {
                sayNow(timeout);
            }
        }
    }

    /** To free a context deregisters some of what it has, and leaves the rest. */
    void whileFreeing(SimContext context) {
        for (Modelled registration : world.registrationsOf(context)) {
            if (dice.oneIn(2)) {
                remove((Registration) registration);
            }
        }
    }

    // ---- fds --------------------------------------------------------------------------------------------------------

    private int interest() {
        return dice.oneIn(6) ? 0 : dice.oneIn(6) ? Interest.ERROR : dice.between(1, 7);
    }

    private void fdHook(SimContext context) {
        SimFd known = dice.from(of(context, world.fds));
        int kind = dice.below(6);
        if (kind < 3 || known == null) {
            Integer number = dice.from(numbers);
            if (number != null && world.fds.size() < REGISTRATIONS_MAX) {
                add(context, number, interest());
            }
        } else if (kind == 3) {
            modify(known, interest());
        } else if (kind == 4) {
            remove(known);
        } else {
            lookUp(known);
        }
    }

    private static <T extends Modelled> List<T> of(SimContext context, List<T> all) {
        List<T> some = new ArrayList<>();
        for (T one : all) {
            if (one.life().home == context && one.life().added) {
                some.add(one);
            }
        }
        return some;
    }

    void add(SimContext context, int number, int interest) {
        SimFd fd = new SimFd(world, context, context.name + "-fd" + number + "#" + names++, number, interest);
        world.scheduler.log("add " + fd + " interest " + interest);
        world.fds.add(fd);
        SimThread me = world.scheduler.running();
        me.adding = fd;
        boolean draining = isDraining(context);
        try {
            world.set.add(fd);
            fd.life().added = true;
            expectOpen(draining, fd);
        } catch (NativeErrorException refused) {
            if (refused.errno() == Errno.ENOENT || refused.errno() == Errno.EEXIST) {
                world.fail(fd + ": a new registration fails for what its number was before: " + refused.getMessage());
            }
            fd.life().refused = true;
            fd.life().bound = false;
        }
        me.adding = null;
    }

    private static boolean isDraining(SimContext context) {
        return context.context.phase().compareTo(NativeContext.Phase.DRAINING) >= 0;
    }

    private void expectOpen(boolean draining, Modelled added) {
        if (draining) {
            world.fail(added + ": registered in a context that drains");
        }
    }

    void modify(SimFd fd, int interest) {
        world.scheduler.log("modify " + fd + " to " + interest);
        fd.beginModify(interest);
        boolean wasDead = fd.life().removed;
        try {
            world.set.modify(fd, interest);
            if (wasDead) {
                world.fail(fd + ": modified after it was deregistered");
            }
            fd.endModify(interest);
        } catch (NativeErrorException dead) {
            fd.endModify(fd.interest());
            if (fd.life().isLive() && !fd.orphaned && !fd.broken) {
                world.fail(fd + ": a live registration refuses a change: " + dead.getMessage());
            }
        }
    }

    void remove(Registration registration) {
        Life life = ((Modelled) registration).life();
        if (!life.added) {
            return;
        }
        world.scheduler.log("remove " + life.name);
        boolean done = world.set.remove(registration);
        if (done && life.removed) {
            world.fail(life.name + ": deregistered twice");
        }
        if (done && registration instanceof SimTimeout && ((SimTimeout) registration).oneShot && life.calls > 0) {
            world.fail(life.name + ": deregistered after it was delivered");
        }
        life.removed |= done;
        world.removals++;
        world.scheduler.log("removed " + life.name + " " + done);
    }

    private void lookUp(SimFd fd) {
        Registration found = world.set.lookUp(fd.token());
        if (found != null && found != fd) {
            world.fail("the token of " + fd + " names " + found);
        }
        if (found == null && fd.life().frees == 0) {
            world.fail("the token of " + fd + " names nobody");
        }
    }

    private void awaitFinalized(Registration registration, boolean fromInside) {
        Life life = ((Modelled) registration).life();
        boolean[] completed = {false};
        world.set.finalized(registration).thenRun(() -> {
            completed[0] = true;
            if (life.frees == 0 && !fromInside) {
                world.fail(life.name + ": a wait for its end ended early");
            }
        });
        if (fromInside && !completed[0]) {
            world.fail(life.name + ": a wait inside its own callback waits for itself");
        }
    }

    // ---- files ------------------------------------------------------------------------------------------------------

    private void file() {
        Integer number = dice.from(numbers);
        int kind = dice.below(rude ? 12 : 8);
        if (number == null || kind == 0 && numbers.size() < FILES_MAX) {
            numbers.add(dice.oneIn(8) ? world.kernel.openRegular() : world.kernel.open());
        } else if (kind < 5) {
            int bits = dice.oneOf(1, 1, 4, 5, 2, Interest.HANGUP, Interest.ERROR | 1, 0);
            world.kernel.ready(dice.oneIn(5) && !copies.isEmpty() ? dice.from(copies) : number, bits);
        } else if (kind == 5) {
            if (copies.size() < FILES_MAX) {
                copies.add(world.kernel.dup(number));
            }
        } else if (kind == 6) {
            Integer copy = dice.from(copies);
            if (copy != null) {
                copies.remove(copy);
                // A thread that was late may have registered this number for what stood there before.
                world.orphan(copy);
                world.kernel.close(copy);
            }
        } else if (kind == 7) {
            closePolitely(number);
        } else if (kind < 10) {
            closeRudely(number);
        } else {
            int onto = dice.from(numbers);
            if (onto != number && world.kernel.identity(onto) != world.kernel.identity(number)) {
                world.scheduler.log("dup2 " + number + " onto " + onto);
                world.orphan(onto);
                world.kernel.dup2(number, onto);
                world.renamed(onto);
            }
        }
    }

    /** As the contract wants it: deregister, then close. */
    private void closePolitely(Integer number) {
        numbers.remove(number);
        for (SimFd fd : List.copyOf(world.fds)) {
            if (fd.fd() == number && fd.life().isLive() && fd.life().home.enter()) {
                remove(fd);
                fd.life().home.exit();
            }
        }
        closeRudely(number);
    }

    private void closeRudely(Integer number) {
        numbers.remove(number);
        if (world.kernel.isOpen(number) && !copies.contains(number)) {
            world.scheduler.log("close " + number);
            world.orphan(number);
            world.kernel.close(number);
        }
    }

    void closeFiles() {
        for (Integer number : List.copyOf(numbers)) {
            world.kernel.close(number);
        }
        for (Integer copy : copies) {
            world.kernel.close(copy);
        }
    }

    // ---- time -------------------------------------------------------------------------------------------------------

    private void timeHook(SimContext context) {
        SimTimeout known = dice.from(of(context, world.timeouts));
        int kind = dice.below(7);
        if (kind < 3 || known == null) {
            if (world.timeouts.size() < REGISTRATIONS_MAX) {
                if (context.worker != null || dice.oneIn(2)) {
                    addOneShot(context);
                } else {
                    addPeriodic(context, period());
                }
            }
        } else if (kind < 5) {
            if (known.oneShot) {
                sayNow(known);
            } else {
                reschedule(known, period());
            }
        } else if (kind == 5) {
            remove(known);
        } else {
            wallSteps++;
            world.kernel.stepWallClock(dice.between(-5_000_000, 5_000_000));
        }
    }

    private int period() {
        return dice.oneOf(-1, 0, 1, 1, 5, 1000);
    }

    private void addOneShot(SimContext context) {
        SimTimeout timeout = new SimTimeout(world, context, context.name + "-timeout" + names++);
        world.timeouts.add(timeout);
        long wall = world.kernel.wallClockMicros();
        long start = world.kernel.nanoTime();
        int micros = dice.oneOf(-1_000, 0, 1, 500, 1_000_000);
        int steps = wallSteps;
        // The kernel's clocks tick in nanoseconds, the deadline's in microseconds: less than one is lost.
        timeout.beginAdd(start + (micros - 1L) * 1_000);
        world.scheduler.log("add " + timeout + " in " + micros + " us");
        boolean draining = isDraining(context);
        try {
            world.set.addOneShot(timeout, dice.oneIn(8) && micros < 0 ? 0 : wall + micros);
            timeout.life().added = true;
            expectOpen(draining, timeout);
            if (steps == wallSteps) {
                timeout.endAdd(world.kernel.nanoTime() + Math.max(0, micros) * 1_000L);
            } else {
                timeout.beginNow();
            }
        } catch (NativeErrorException closed) {
            timeout.life().refused = true;
        }
    }

    SimTimeout addPeriodic(SimContext context, int period) {
        SimTimeout timer = new SimTimeout(world, context, context.name + "-timer" + names++ + "/" + period, period);
        world.timeouts.add(timer);
        long start = world.kernel.nanoTime();
        timer.beginAdd(period < 0 ? Long.MAX_VALUE : start + period * 1_000_000L);
        world.scheduler.log("add " + timer);
        boolean draining = isDraining(context);
        try {
            world.set.addPeriodic(timer);
            timer.life().added = true;
            expectOpen(draining, timer);
            timer.endAdd(period < 0 ? Long.MAX_VALUE : world.kernel.nanoTime() + period * 1_000_000L);
        } catch (NativeErrorException closed) {
            timer.life().refused = true;
        }
        return timer;
    }

    private void sayNow(SimTimeout timeout) {
        world.scheduler.log("now " + timeout);
        boolean owed = timeout.life().isLive();
        timeout.beginNow();
        world.set.modifyToNow(timeout);
        if (owed && timeout.life().isLive()) {
            timeout.endNow();
        }
    }

    void reschedule(SimTimeout timer, int period) {
        world.scheduler.log("reschedule " + timer + " to " + period);
        long began = world.kernel.nanoTime();
        timer.beginReschedule(period);
        try {
            world.set.reschedule(timer, period);
            timer.endReschedule(began, period);
        } catch (NativeErrorException dead) {
            timer.endReschedule(began, -1);
            if (timer.life().isLive()) {
                world.fail(timer + ": a live timer refuses a change");
            }
        }
    }

    // ---- the rest ---------------------------------------------------------------------------------------------------

    private void other(SimContext context) {
        switch (dice.below(8)) {
            case 0 -> world.set.wake();
            case 1, 2 -> moveLease();
            case 3 -> {
                if (!context.permanent && dice.oneIn(2)) {
                    context.close();
                }
            }
            case 4 -> {
                if (context.worker != null && dice.oneIn(2)) {
                    context.worker.rejects = dice.between(1, 3);
                }
            }
            case 5 -> {
                SimFd fd = dice.from(of(context, world.fds));
                if (fd != null && fd.life().removed) {
                    awaitFinalized(fd, fd.life().isInsideHere());
                }
            }
            case 6 -> {
                if (failing) {
                    CallName call = dice.oneIn(3) ? CallName.CREATE_SET : dice.oneIn(2) ? CallName.ADD : CallName.MOD;
                    world.kernel.failNext(call, dice.oneIn(2) ? Errno.ENOMEM : Errno.ENOSPC);
                }
            }
            default -> world.set.stats();
        }
    }

    private void moveLease() {
        if (!leasesMove) {
            return;
        }
        SimHost host = world.hosts.get(dice.between(1, 2));
        switch (dice.below(5)) {
            case 0, 1 -> world.keeper.install(host);
            case 2, 3 -> world.keeper.park(host);
            default -> {
                if (!world.hosts.get(3 - world.hosts.indexOf(host)).isEnding()) {
                    host.end();
                }
            }
        }
    }
}
