package io.osevent.bridge.sim;

/**
 * What the simulated library knows of one of its registrations, and what it would crash on: its opaque is poisoned by ff,
 * and by the end of its context, and every call checks it.
 */
final class Life {
    final String name;
    final SimContext home;
    private final World world;

    /** The core has taken it: calls may come, perhaps before the hook has returned. */
    boolean bound;

    /** The hook has returned success. */
    boolean added;

    boolean refused;

    /** Its deregister hook has returned success. */
    boolean removed;

    boolean disabled;
    int calls;
    int frees;
    private int inside;
    private SimThread caller;

    Life(World world, SimContext home, String name) {
        this.world = world;
        this.home = home;
        this.name = name;
    }

    boolean isLive() {
        return added && !removed && !disabled;
    }

    boolean isInside() {
        return inside > 0;
    }

    /** True on the thread that is inside its callback. */
    boolean isInsideHere() {
        return inside > 0 && caller == world.scheduler.running();
    }

    void retained() {
        if (removed) {
            world.fail(name + ": a call began after its deregistration had returned");
        }
        if (refused) {
            world.fail(name + ": a call began though its registration had failed");
        }
    }

    void beginCall() {
        world.expectNoLock("a call of " + name);
        if (frees > 0) {
            world.fail(name + ": called after its ff, its memory is poisoned");
        }
        home.beginCallIn(this);
        if (++inside > 1) {
            world.fail(name + ": called while it is being called");
        }
        calls++;
        caller = world.scheduler.running();
    }

    /** In the middle and at the end of a call: the memory is still there. */
    void checkMemory() {
        if (frees > 0) {
            world.fail(name + ": ff ran during a call, its memory is poisoned");
        }
    }

    void endCall() {
        checkMemory();
        inside--;
        home.endCallIn(this);
    }

    void free() {
        world.expectNoLock("ff of " + name);
        if (!disabled) {
            world.fail(name + ": ff before it was deregistered");
        }
        if (refused) {
            world.fail(name + ": ff though its registration had failed");
        }
        if (inside > 0) {
            world.fail(name + ": ff while a call is running");
        }
        if (++frees > 1) {
            world.fail(name + ": ff twice");
        }
    }
}
