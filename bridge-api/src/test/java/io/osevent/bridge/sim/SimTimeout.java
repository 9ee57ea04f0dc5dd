package io.osevent.bridge.sim;

import io.osevent.bridge.TimeoutRegistration;

/** The simulated library's timeout or timer, with bounds on when it may and must be called. */
final class SimTimeout extends TimeoutRegistration implements Modelled {
    private static final long NEVER = Long.MAX_VALUE;

    /** What passes between a look at the clock and the system call that rests on it. */
    private static final long SLACK_NANOS = 20_000;

    private final World world;
    private final Life life;
    final boolean oneShot;

    /** No claim before this time. */
    private long earliest = NEVER;

    /** Called by this time, or the loop has overslept; {@link #NEVER} if it need not be called. */
    private long latest = NEVER;

    /** The library has begun to say "now"; {@code saidNow}: and the hook has returned. */
    private boolean sayingNow;

    private boolean saidNow;
    private long claimedAt;
    private boolean wasDue;
    private int period;
    private int changesInFlight;
    private int leastPeriod;
    private boolean uncertain;

    /** One-shot. */
    SimTimeout(World world, SimContext home, String name) {
        super(home.context);
        this.world = world;
        this.life = new Life(world, home, name);
        this.oneShot = true;
    }

    /** Periodic. */
    SimTimeout(World world, SimContext home, String name, int period) {
        super(home.context, period);
        this.world = world;
        this.life = new Life(world, home, name);
        this.oneShot = false;
        this.period = period;
        this.leastPeriod = period;
    }

    @Override
    public Life life() {
        return life;
    }

    /** Of two changes that ran at once, only the core knows which came last. */
    boolean mayRunInEveryTurn() {
        return !oneShot && (period == 0 || uncertain);
    }

    private long now() {
        return world.kernel.nanoTime();
    }

    private static long after(long from, int period) {
        return period < 0 ? NEVER : from + period * 1_000_000L;
    }

    void beginAdd(long notBefore) {
        earliest = notBefore;
        life.bound = true;
    }

    void endAdd(long notAfter) {
        latest = notAfter;
    }

    void beginNow() {
        sayingNow = true;
    }

    void endNow() {
        saidNow = true;
        latest = Math.min(latest, now());
    }

    void beginReschedule(int to) {
        int known = changesInFlight > 0 || uncertain ? leastPeriod : period;
        leastPeriod = known < 0 ? to : to < 0 ? known : Math.min(to, known);
        uncertain = changesInFlight++ > 0;
        earliest = Math.min(earliest, after(now(), to));
        latest = NEVER;
    }

    void endReschedule(long began, int to) {
        if (--changesInFlight == 0 && !uncertain) {
            period = to;
            leastPeriod = to;
            earliest = after(began, to);
            latest = after(now(), to);
        }
    }

    /** True if the library said "now", the hook has returned, and nothing was delivered or deregistered since. */
    boolean owesDelivery() {
        return oneShot && saidNow && life.calls == 0 && !life.removed;
    }

    /** True if the loop sleeps though this should have been called. */
    boolean isOverslept() {
        return life.isLive() && changesInFlight == 0 && latest != NEVER && now() - SLACK_NANOS > latest;
    }

    long latest() {
        return latest;
    }

    @Override
    public void retained() {
        claim();
        // Armed anew from now, with a period that may be changing.
        earliest = after(now(), leastPeriod);
        latest = NEVER;
    }

    @Override
    public void disabled() {
        if (oneShot) {
            claim();
        }
    }

    private void claim() {
        claimedAt = now();
        wasDue = claimedAt >= earliest;
    }

    @Override
    protected void expired() {
        life.beginCall();
        world.scheduler.log("expired " + this);
        if (!wasDue && !sayingNow) {
            world.fail(this + ": called early, claimed at " + claimedAt);
        }
        if (oneShot && life.calls > 1) {
            world.fail(this + ": delivered twice");
        }
        if (oneShot && life.removed) {
            world.fail(this + ": delivered though its deregistration had returned");
        }
        if (changesInFlight == 0 && !uncertain && !oneShot) {
            latest = after(now(), period);
        }
        world.script.insideTimeout(this);
        life.endCall();
        world.script.perhapsThrow(life.home);
    }

    @Override
    protected void free() {
        world.scheduler.log("ff " + life.name);
        life.free();
        world.script.insideFinalizer(life);
    }

    @Override
    public String toString() {
        return life.name;
    }
}
