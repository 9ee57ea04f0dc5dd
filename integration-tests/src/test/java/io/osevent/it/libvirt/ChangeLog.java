package io.osevent.it.libvirt;

import io.osevent.it.libvirt.TestDomains.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.event.DomainEvent;
import org.libvirt.event.DomainEventType;
import org.libvirt.event.LifecycleListener;

/** Keeps what one connection hears, in its order, and on which threads. */
final class ChangeLog implements LifecycleListener {
    private final Connect connect;
    private final Set<DomainEventType> types;
    private final List<Change> changes = new ArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean overlapped;

    private ChangeLog(Connect connect, Set<DomainEventType> types) {
        this.connect = connect;
        this.types = types;
    }

    /** Keeps what {@link TestDomains#toggle} brings about. */
    static ChangeLog ofToggles(Connect connect) throws LibvirtException {
        return listen(new ChangeLog(connect, EnumSet.of(DomainEventType.SUSPENDED, DomainEventType.RESUMED)));
    }

    /** Keeps everything. */
    static ChangeLog ofAll(Connect connect) throws LibvirtException {
        return listen(new ChangeLog(connect, EnumSet.allOf(DomainEventType.class)));
    }

    private static ChangeLog listen(ChangeLog log) throws LibvirtException {
        log.connect.addLifecycleListener(log);
        return log;
    }

    @Override
    public int onLifecycleChange(Domain domain, DomainEvent event) {
        overlapped |= inside.incrementAndGet() != 1;
        threads.add(Thread.currentThread().getName());
        String name = SeenEvents.nameOf(domain);
        if (types.contains(event.getType())) {
            synchronized (changes) {
                changes.add(new Change(name, event.toString()));
            }
        }
        inside.decrementAndGet();
        return 0;
    }

    int size() {
        synchronized (changes) {
            return changes.size();
        }
    }

    List<Change> changes() {
        synchronized (changes) {
            return List.copyOf(changes);
        }
    }

    /** Waits until as many changes as that have come. */
    void awaitSize(int count, Duration bound) throws Exception {
        try {
            Await.until(count + " events", bound, () -> size() >= count);
        } catch (TimeoutException e) {
            List<Change> came = changes();
            throw new AssertionError(
                    "of " + count + " events only " + came.size() + " came within " + bound + ", the last of them "
                            + came.subList(Math.max(0, came.size() - 5), came.size()),
                    e);
        }
    }

    /** The names of the threads on which events came. */
    Set<String> threads() {
        return Set.copyOf(threads);
    }

    /** Whether two callbacks ever ran at once. */
    boolean overlapped() {
        return overlapped;
    }

    /** Stops listening. */
    void stop() throws LibvirtException {
        connect.removeLifecycleListener(this);
    }
}
