package io.osevent.it.libvirt;

import io.osevent.it.libvirt.TestDomains.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.libvirt.Connect;

/**
 * Somebody else's thread that makes RPCs on a connection of its own while events flow, until it is told to stop: it
 * toggles domains that only it touches, and so knows which events must come, in which order.
 */
final class Toggler implements Runnable {
    private static final long PAUSE_NANOS = 2_000_000;

    private final Connect connect;
    private final TestDomains domains;
    private final List<Change> expected = new ArrayList<>();
    private final CompletableFuture<List<Change>> done = new CompletableFuture<>();
    private volatile boolean stopped;
    private volatile int made;

    private Toggler(Connect connect, TestDomains domains) {
        this.connect = connect;
        this.domains = domains;
    }

    /** Starts the thread; its domains are named after it. */
    static Toggler start(String uri, String name, int domains) throws Exception {
        Connect connect = new Connect(uri);
        Toggler toggler = new Toggler(connect, TestDomains.create(connect, name + "-", domains));
        Thread thread = new Thread(toggler, name);
        thread.setDaemon(true);
        thread.start();
        return toggler;
    }

    @Override
    public void run() {
        try {
            for (int i = 0; !stopped; i++) {
                expected.add(domains.toggle(i % domains.size()));
                made = i + 1;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            done.complete(expected);
        } catch (Throwable e) {
            done.completeExceptionally(e);
        }
    }

    /** Waits until it has made some more RPCs. */
    void awaitMore(int count, Duration bound) throws Exception {
        int until = made + count;
        Await.until("more RPCs of " + this, bound, () -> {
            if (done.isCompletedExceptionally()) {
                done.get();
            }
            return made >= until;
        });
    }

    /** Tells it to stop, and waits for the changes that it has made. */
    List<Change> stop(Duration bound) throws Exception {
        stopped = true;
        try {
            return done.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new TimeoutException("not within " + bound + ": an RPC of " + this + " returns");
        } catch (ExecutionException e) {
            throw new AssertionError("an RPC failed", e.getCause());
        }
    }

    /** Whether the domain is one of this thread's. */
    boolean owns(Change change) {
        return domains.has(change.domain());
    }

    /** Destroys the domains and closes the connection. */
    void close() throws Exception {
        domains.destroy();
        connect.close();
    }

    @Override
    public String toString() {
        return "toggler of " + domains.size() + " domains";
    }
}
