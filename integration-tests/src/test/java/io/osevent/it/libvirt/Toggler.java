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
import org.libvirt.LibvirtException;

/**
 * Somebody else's thread that makes RPCs on a connection of its own while events flow, until it is told to stop: it
 * toggles domains that only it touches, and so knows which events must come, in which order.
 */
final class Toggler implements Runnable {
    private static final int KEEPALIVE_SECONDS = 1;
    private static final int KEEPALIVE_COUNT = 2;

    private final Connect connect;
    private final TestDomains domains;
    private final Duration pause;
    private final List<Change> expected = new ArrayList<>();
    private final CompletableFuture<List<Change>> done = new CompletableFuture<>();
    private volatile boolean stopped;
    private volatile int made;

    private Toggler(Connect connect, TestDomains domains, Duration pause) {
        this.connect = connect;
        this.pause = pause;
        this.domains = domains;
    }

    /** Starts the thread, which rests for a moment between its RPCs; its domains are named after it. */
    static Toggler start(String uri, String name, int domains, Duration pause) throws Exception {
        Connect connect = new Connect(uri);
        if (!uri.equals("test:///default")) {
            connect.setKeepAlive(KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
        }
        Toggler toggler = new Toggler(connect, TestDomains.create(connect, name + "-", domains), pause);
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
                LockSupport.parkNanos(pause.toNanos());
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

    /** Waits until one of its RPCs fails, as they do on a connection that has broken. */
    LibvirtException awaitFailure(Duration bound) throws Exception {
        try {
            done.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new TimeoutException("not within " + bound + ": an RPC of " + this + " fails");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LibvirtException failure) {
                return failure;
            }
            throw e;
        }
        throw new AssertionError("no RPC failed");
    }

    /** Closes a connection that has broken; its domains are gone, or stay with the daemon. */
    void abandon() throws Exception {
        domains.forget();
        connect.close();
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
