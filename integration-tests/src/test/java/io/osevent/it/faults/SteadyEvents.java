package io.osevent.it.faults;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.event.DomainEvent;
import org.libvirt.event.DomainEventType;
import org.libvirt.event.LifecycleListener;

/**
 * A thread that suspends and resumes a domain of a driver inside the process, over and over, and a listener that must
 * hear of each, in order. It goes on through every fault, and knows at any time what was lost.
 */
final class SteadyEvents implements LifecycleListener {
    static final String DOMAIN_XML = """
            <domain type='test'>
              <name>%s</name>
              <memory unit='MiB'>1</memory>
              <vcpu>1</vcpu>
              <os><type>hvm</type></os>
            </domain>
            """;

    private static final long PAUSE_MILLIS = 2;

    private final Connect connect;
    private final Domain domain;
    private final Thread thread = new Thread(this::run, "steady-events");
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong heard = new AtomicLong();
    private final Strays strays = new Strays();
    private DomainEventType last = DomainEventType.RESUMED;

    private SteadyEvents(String uri) throws LibvirtException {
        connect = new Connect(uri);
        domain = connect.domainCreateXML(DOMAIN_XML.formatted("steady"), 0);
        connect.addLifecycleListener(this);
    }

    static SteadyEvents start(String uri) throws LibvirtException {
        SteadyEvents events = new SteadyEvents(uri);
        events.thread.setDaemon(true);
        events.thread.start();
        return events;
    }

    private void run() {
        try {
            while (!stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                domain.suspend();
                made.incrementAndGet();
                domain.resume();
                made.incrementAndGet();
            }
        } catch (LibvirtException e) {
            strays.add("an action on the steady domain failed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int onLifecycleChange(Domain which, DomainEvent event) {
        DomainEventType type = event.getType();
        if (type == DomainEventType.SUSPENDED || type == DomainEventType.RESUMED) {
            if (type == last) {
                strays.add("out of order: " + type + " twice, after " + heard);
            }
            last = type;
            heard.incrementAndGet();
        }
        try {
            // Its reference would keep the connection open until the collector comes.
            which.free();
        } catch (LibvirtException e) {
            strays.add("a callback's reference cannot be given back: " + e.getMessage());
        }
        return 0;
    }

    /** What a scenario looks at before and after: how many events there were. */
    long heard() {
        return heard.get();
    }

    /** Some more events come, whatever the fault. */
    void awaitMore() throws Exception {
        long before = heard.get();
        Bounded.until("steady events go on", () -> heard.get() > before + 2);
        strays.check();
    }

    /** Every event that was made is heard. */
    void close() throws Exception {
        stop.countDown();
        thread.join(Bounded.BOUND.toMillis());
        boolean all = Bounded.within(Bounded.BOUND, () -> heard.get() == made.get());
        connect.removeLifecycleListener(this);
        domain.destroy();
        domain.free();
        connect.close();
        strays.check();
        if (!all) {
            throw new AssertionError("of " + made + " steady events " + heard + " were heard");
        }
    }
}
