package outside;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.event.DomainEventType;
import org.libvirt.event.LifecycleListener;

/** A program that knows org.libvirt and nothing else: it leads a domain through its life and prints what it hears. */
final class Watch {
    private static final long BOUND_SECONDS = 20;
    private static final int ROUNDS = 1_000;
    private static final String XML =
            "<domain type='test'><name>outside</name><memory>1024</memory><os><type>hvm</type></os></domain>";

    private Watch() {}

    static void run() throws LibvirtException, InterruptedException, TimeoutException {
        Connect connect = new Connect("test:///default");
        CountDownLatch stopped = new CountDownLatch(1);
        LifecycleListener listener = (domain, event) -> {
            System.out.println(nameOf(domain) + " " + event);
            if (event.getType() == DomainEventType.STOPPED) {
                stopped.countDown();
            }
            return 0;
        };
        connect.addLifecycleListener(listener);

        Domain domain = connect.domainCreateXML(XML, 0);
        for (int i = 0; i < ROUNDS; i++) {
            domain.suspend();
            domain.resume();
        }
        domain.destroy();
        domain.free();
        if (!stopped.await(BOUND_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("no STOPPED within " + BOUND_SECONDS + " s: who runs libvirt's event loop?");
        }
        connect.removeLifecycleListener(listener);
        connect.close();
    }

    private static String nameOf(Domain domain) {
        try {
            return domain.getName();
        } catch (LibvirtException e) {
            throw new IllegalStateException(e);
        }
    }
}
