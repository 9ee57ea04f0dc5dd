package io.osevent.it.libvirt;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.event.EventListener;
import org.libvirt.event.RebootListener;

/**
 * Collects reboot events on a connection of its own, which is not closed but by {@link #stop}: libvirt-java 0.5.4
 * offers no way to remove a reboot listener, and throws in one that outlives the close of its connection.
 */
final class SeenReboots implements RebootListener {
    private static final long BOUND_SECONDS = 20;
    /** VIR_DOMAIN_EVENT_ID_REBOOT. */
    private static final int EVENT_ID_REBOOT = 1;

    /** Keeps the connections from their finalizers, which would close them. */
    private static final List<Connect> NEVER_CLOSED = new ArrayList<>();

    private record Seen(String guest, long nanos) {}

    private final BlockingQueue<Seen> queue = new LinkedBlockingQueue<>();

    private Connect connect;

    static SeenReboots on(String uri) throws LibvirtException {
        SeenReboots reboots = new SeenReboots();
        Connect connect = new Connect(uri);
        NEVER_CLOSED.add(connect);
        connect.addRebootListener(reboots);
        reboots.connect = connect;
        return reboots;
    }

    /** Takes the listener out by the private way of libvirt-java, and closes the connection. */
    void stop() throws Exception {
        Method deregister = Connect.class.getDeclaredMethod("domainEventDeregister", int.class, EventListener.class);
        deregister.setAccessible(true);
        deregister.invoke(connect, EVENT_ID_REBOOT, this);
        NEVER_CLOSED.removeIf(kept -> kept == connect);
        connect.close();
    }

    /**
     * Waits for the guest's next reboot. There are more than one for each reset: SeaBIOS finds that QEMU has not
     * brought its original code back, does so itself and resets once more.
     *
     * @return when it came
     */
    long expect(String guest) throws InterruptedException {
        Seen seen = queue.poll(BOUND_SECONDS, TimeUnit.SECONDS);
        if (seen == null) {
            throw new AssertionError("not within " + BOUND_SECONDS + " s: reboot of " + guest);
        }
        if (!seen.guest.equals(guest)) {
            throw new AssertionError("expected reboot of " + guest + ", got that of " + seen.guest);
        }
        return seen.nanos;
    }

    @Override
    public void onReboot(Domain domain) {
        queue.add(new Seen(SeenEvents.nameOf(domain), System.nanoTime()));
    }
}
