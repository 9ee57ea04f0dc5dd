package io.osevent.it.libvirt;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.event.ConnectionCloseListener;
import org.libvirt.event.ConnectionCloseReason;
import org.libvirt.event.DomainEvent;
import org.libvirt.event.LifecycleListener;

/**
 * Collects the events of one connection as text, in their order, with the time at which each came. The text is that of
 * libvirt-java 0.5.4, which knows no detail of SHUTDOWN but FINISHED: by the guest (1) and by the host (2) are UNKNOWN.
 */
final class SeenEvents implements LifecycleListener, ConnectionCloseListener {
    private static final long BOUND_SECONDS = 20;

    private record Seen(String event, long nanos) {}

    private final BlockingQueue<Seen> queue = new LinkedBlockingQueue<>();

    private final Connect connect;

    private SeenEvents(Connect connect) {
        this.connect = connect;
    }

    static SeenEvents of(Connect connect) throws LibvirtException {
        SeenEvents events = new SeenEvents(connect);
        connect.addLifecycleListener(events);
        connect.registerCloseListener(events);
        return events;
    }

    /**
     * Removes the listeners. Not doing so keeps the connection open in libvirt after its close, and events that come
     * then make libvirt-java throw.
     */
    void stop() throws LibvirtException {
        boolean alive = connect.isAlive();
        try {
            connect.removeLifecycleListener(this);
        } catch (LibvirtException e) {
            tolerateIfDead(e, alive);
        }
        try {
            connect.unregisterCloseListener();
        } catch (LibvirtException e) {
            tolerateIfDead(e, alive);
        }
    }

    /** On a dead connection libvirt cannot tell the daemon and says so, each time. */
    private static void tolerateIfDead(LibvirtException e, boolean alive) throws LibvirtException {
        if (alive) {
            throw e;
        }
    }

    /**
     * Waits for one event; whatever else came before it is an error, so that nothing passes unseen.
     *
     * @param event such as {@code one STOPPED (FAILED)}
     * @return when it came
     */
    long expect(String event) throws InterruptedException {
        return check(next(event), event);
    }

    /**
     * Waits for one event, before which {@code possible} may or may not come: libvirt's threads race for it.
     *
     * @return when it came
     */
    long expectAfterPossible(String possible, String event) throws InterruptedException {
        Seen seen = next(event);
        return seen.event.equals(possible) ? expect(event) : check(seen, event);
    }

    /**
     * Waits for the end of a guest that the host destroyed: QEMU may get round to saying SHUTDOWN before it goes.
     *
     * @return when it came
     */
    long expectDestroyed(String guest) throws InterruptedException {
        return expectAfterPossible(guest + " SHUTDOWN (UNKNOWN)", guest + " STOPPED (DESTROYED)");
    }

    @Override
    public int onLifecycleChange(Domain domain, DomainEvent event) {
        add(nameOf(domain) + " " + event);
        return 0;
    }

    @Override
    public void onClose(Connect connect, ConnectionCloseReason reason) {
        add("closed: " + reason);
    }

    private void add(String event) {
        queue.add(new Seen(event, System.nanoTime()));
    }

    private Seen next(String event) throws InterruptedException {
        Seen seen = queue.poll(BOUND_SECONDS, TimeUnit.SECONDS);
        if (seen == null) {
            throw new AssertionError("not within " + BOUND_SECONDS + " s: " + event);
        }
        return seen;
    }

    private long check(Seen seen, String event) {
        if (!seen.event.equals(event)) {
            List<Seen> rest = new ArrayList<>();
            queue.drainTo(rest);
            throw new AssertionError("expected " + event + ", got " + seen.event + " and then " + rest);
        }
        return seen.nanos;
    }

    /** Gives the callback's reference back too; the connection cannot close while a finalizer still holds it. */
    static String nameOf(Domain domain) {
        try {
            String name = domain.getName();
            domain.free();
            return name;
        } catch (LibvirtException e) {
            throw new IllegalStateException(e);
        }
    }
}
