package io.osevent.it.faults;

import io.osevent.bridge.EventSet;
import io.osevent.bridge.Interest;
import io.osevent.bridge.Lease;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.Registration;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.NativeFds;
import io.osevent.shim.Seam;
import io.osevent.vertx.VertxHost;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** An event set over a faulty seam, on the event loop of a Vert.x; closing it checks that nothing is left. */
final class LeasedSet implements AutoCloseable {
    final FaultySeam seam;
    final CountedMetrics metrics = new CountedMetrics();
    final Strays strays = new Strays();
    final AtomicInteger hostEnded = new AtomicInteger();
    final Queue<Throwable> reported = new ConcurrentLinkedQueue<>();
    final EventSet set;
    final NativeContext context;
    final VertxHost host;

    private final Queue<Registration> registrations = new ConcurrentLinkedQueue<>();
    private Lease lease;

    LeasedSet(Vertx vertx, Seam real) {
        seam = new FaultySeam(real);
        set = EventSet.open(seam, TurnLimits.DEFAULT, metrics);
        context = NativeContext.permanent(set, "probes");
        host = new VertxHost(vertx);
        host.context().exceptionHandler(reported::add);
        lease = host.lease(set, hostEnded::incrementAndGet);
    }

    Lease lease() {
        return lease;
    }

    /** The former lease has ended; another host has the set from here on. */
    void leasedTo(Lease next) {
        lease = next;
    }

    ProbeFd add(int fd, int interest, Consumer<ProbeFd> script) {
        ProbeFd registration = new ProbeFd(context, strays, fd, interest, script);
        registrations.add(registration);
        set.add(registration);
        return registration;
    }

    /** An eventfd that is drained by each call, and how it is signalled is the test's. */
    ProbeFd addDrained(int eventFd) {
        return add(eventFd, Interest.READABLE, r -> NativeFds.drain(r.fd()));
    }

    ProbeTimeout addTimer(int periodMillis, Consumer<ProbeTimeout> script) {
        ProbeTimeout timer = new ProbeTimeout(context, strays, periodMillis, script);
        registrations.add(timer);
        set.addPeriodic(timer);
        return timer;
    }

    ProbeTimeout addOneShot(long wallClockMicros, Consumer<ProbeTimeout> script) {
        ProbeTimeout timeout = new ProbeTimeout(context, strays, script);
        registrations.add(timeout);
        set.addOneShot(timeout, wallClockMicros);
        return timeout;
    }

    /** Signals an eventfd and sees the callback come; what every fault must leave possible. */
    void assertServes(ProbeFd drained) throws Exception {
        int before = drained.calls();
        NativeFds.signal(drained.fd());
        Bounded.until(drained + " is served", () -> drained.calls() > before);
    }

    void remove(Registration registration) {
        set.remove(registration);
    }

    /** A task of the loop's own comes to run. */
    void roundTrip() throws Exception {
        onLoop(() -> null);
    }

    /** What a task of the loop's own finds when it comes to run. */
    <T> T onLoop(Supplier<T> task) throws Exception {
        Promise<T> ran = Promise.promise();
        host.context().runOnContext(nothing -> ran.complete(task.get()));
        return Bounded.get("a task of the loop", ran.future());
    }

    @Override
    public void close() {
        try {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a set closes", e);
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Removes what is left, ends the lease and closes the set; may be repeated. */
    void end() throws Exception {
        seam.heal();
        registrations.forEach(set::remove);
        boolean empty = Bounded.within(Bounded.BOUND, () -> set.stats().unfinished() == 0);
        Bounded.get("the lease ends", lease.cancel());
        set.close();
        host.close();
        strays.check();
        if (!empty) {
            throw new AssertionError("left in the set: " + set.describe());
        }
    }
}
