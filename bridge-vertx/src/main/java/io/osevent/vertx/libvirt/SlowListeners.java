package io.osevent.vertx.libvirt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Names a listener that takes too long, once a second at most. */
final class SlowListeners {

    private static final Logger LOG = System.getLogger(SlowListeners.class.getName());
    private static final long QUIET_NANOS = 1_000_000_000L;

    private final String host;
    private final long limitNanos;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - QUIET_NANOS);

    SlowListeners(String host, Duration limit) {
        this.host = host;
        this.limitNanos = limit.toNanos();
    }

    void check(Object listener, LibvirtEvent event, long nanos) {
        if (nanos < limitNanos) {
            return;
        }
        long total = count.incrementAndGet();
        long now = System.nanoTime();
        long last = lastWarning.get();
        if (now - last >= QUIET_NANOS && lastWarning.compareAndSet(last, now)) {
            LOG.log(
                    Level.WARNING,
                    "Slow listener {0}: {1} ms for {2} {3} of domain {4} on {5} ({6} slow calls so far)",
                    listener.getClass().getName(),
                    nanos / 1_000_000,
                    event.kind().id(),
                    event.type(),
                    event.name(),
                    host,
                    total);
        }
    }

    long count() {
        return count.get();
    }
}
