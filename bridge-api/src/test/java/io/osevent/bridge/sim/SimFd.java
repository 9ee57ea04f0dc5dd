package io.osevent.bridge.sim;

import io.osevent.bridge.FdRegistration;
import io.osevent.bridge.Interest;

/** The simulated library's interest in an fd. */
final class SimFd extends FdRegistration implements Modelled {
    private final World world;
    private final Life life;

    /** The open file that it was registered for. */
    Object file;

    /**
     * A file that {@code dup2} has put behind its number meanwhile, without a deregistration. If that file was known under
     * this number before, the kernel cannot tell the two apart, and its events count as this registration's, as they would
     * with {@code poll(2)}.
     */
    Object renamedTo;

    /** epoll refused that file: it counts as ready at all times. */
    boolean regular;

    /** Its number was closed, or given to another file, while it was registered. */
    boolean orphaned;

    /** A system call for its number failed: it may hear nothing more. */
    boolean broken;

    /** What the kernel has reported for this file under this number since the registration. */
    int reports;

    int reported;

    /** What the library has asked for last, as far as that is certain. */
    private int asked;

    private int modifiesInFlight;
    private int askedInFlight;
    private boolean overlapped;

    /** What the call that has been claimed may deliver. */
    private int claimed;

    SimFd(World world, SimContext home, String name, int fd, int interest) {
        super(home.context, fd, interest);
        this.world = world;
        this.life = new Life(world, home, name);
        this.asked = interest;
    }

    @Override
    public Life life() {
        return life;
    }

    int asked() {
        return asked;
    }

    void bind(Object toFile, boolean isRegular) {
        file = toFile;
        regular = isRegular;
        life.bound = true;
    }

    void beginModify(int interest) {
        overlapped |= modifiesInFlight++ > 0;
        askedInFlight |= Interest.effective(interest);
        claimed |= Interest.effective(interest);
    }

    void endModify(int interest) {
        if (--modifiesInFlight == 0) {
            // Of two that ran at once, only the core knows which came last.
            asked = overlapped ? interest() : interest;
            askedInFlight = 0;
            overlapped = false;
        }
    }

    @Override
    public void retained() {
        claimed = Interest.effective(asked) | askedInFlight;
    }

    @Override
    public void disabled() {}

    @Override
    protected void ready(int events) {
        life.beginCall();
        if (world.scheduler.tracing()) {
            world.scheduler.log("ready " + this + " events " + Integer.toHexString(events));
        }
        if (events == 0 || (events & ~claimed) != 0) {
            world.fail(this + ": got events " + Integer.toHexString(events) + " but may get "
                    + Integer.toHexString(claimed));
        }
        if (!regular && (life.calls > reports || (events & ~reported) != 0)) {
            world.fail(this + ": got events " + Integer.toHexString(events) + " that its own file never reported");
        }
        world.script.insideFd(this);
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
