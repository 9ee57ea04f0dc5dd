package io.osevent.vertx.libvirt;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;
import java.util.function.Consumer;

/**
 * The events of one connection, for one listener. Events are delivered in libvirt's order on the Vert.x context that
 * asked for the stream, or on an ordered worker; while the stream is paused, or its listener busy, they wait in a
 * bounded buffer.
 */
public final class DomainEventStream implements ReadStream<LibvirtEvent> {

    /** One turn hands over no more than this, so that I/O on the same loop gets its turn as well. */
    private static final int BATCH = 512;

    private static final long BATCH_NANOS = 5_000_000;

    private final Object lock = new Object();
    private final EventBuffer buffer;
    private final Delivery delivery;
    private final SlowListeners slow;
    private final Consumer<DomainEventStream> onClose;
    private final int capacity;

    private Handler<LibvirtEvent> handler;
    private Handler<Void> endHandler;
    private Handler<Throwable> exceptionHandler;
    private long demand = Long.MAX_VALUE;
    private boolean scheduled;
    private boolean ending;
    private Throwable failure;
    private boolean ended;

    DomainEventStream(Vertx vertx, String host, EventStreamOptions options, Consumer<DomainEventStream> onClose) {
        this.capacity = options.getCapacity();
        this.buffer = new EventBuffer(capacity, options.getPolicy());
        this.delivery = options.isWorker() ? Delivery.onWorker(vertx) : Delivery.onContext(vertx);
        this.slow = new SlowListeners(host, options.getSlowListener());
        this.onClose = onClose;
    }

    @Override
    public DomainEventStream handler(Handler<LibvirtEvent> value) {
        synchronized (lock) {
            handler = value;
            schedule();
        }
        return this;
    }

    @Override
    public DomainEventStream exceptionHandler(Handler<Throwable> value) {
        synchronized (lock) {
            exceptionHandler = value;
        }
        return this;
    }

    @Override
    public DomainEventStream endHandler(Handler<Void> value) {
        synchronized (lock) {
            endHandler = value;
        }
        return this;
    }

    @Override
    public DomainEventStream pause() {
        synchronized (lock) {
            demand = 0;
        }
        return this;
    }

    @Override
    public DomainEventStream resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public DomainEventStream fetch(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("a negative number of events was asked for: " + amount);
        }
        synchronized (lock) {
            demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
            schedule();
        }
        return this;
    }

    /** Ends the stream: what waits is still delivered, then the end handler is called. */
    public void close() {
        end(null);
    }

    /**
     * Returns the events lost because the buffer was full.
     *
     * @return the number since the stream was made
     */
    public long dropped() {
        synchronized (lock) {
            return buffer.dropped();
        }
    }

    /**
     * Returns the events replaced by a newer one of the same domain and kind.
     *
     * @return the number since the stream was made
     */
    public long coalesced() {
        synchronized (lock) {
            return buffer.coalesced();
        }
    }

    /**
     * Returns the events that wait.
     *
     * @return the number
     */
    public int waiting() {
        synchronized (lock) {
            return buffer.size();
        }
    }

    /**
     * Returns the calls of the listener that took too long.
     *
     * @return the number since the stream was made
     */
    public long slowCalls() {
        return slow.count();
    }

    /** Takes an event from libvirt's callback; never blocks, never calls the listener. */
    void offer(LibvirtEvent event) {
        boolean overflow = false;
        synchronized (lock) {
            if (ending) {
                return;
            }
            overflow = !buffer.add(event);
            schedule();
        }
        if (overflow) {
            end(new IllegalStateException("the listener fell behind by " + capacity + " events"));
        }
    }

    void end(Throwable cause) {
        synchronized (lock) {
            if (ending) {
                return;
            }
            ending = true;
            failure = cause;
            if (cause != null) {
                buffer.clear();
            }
            schedule();
        }
        onClose.accept(this);
    }

    /** Under the lock. */
    private void schedule() {
        boolean deliverable = handler != null && demand > 0 && !buffer.isEmpty();
        boolean finishing = ending && !ended && buffer.isEmpty();
        if (!scheduled && (deliverable || finishing)) {
            scheduled = true;
            delivery.execute(this::drain);
        }
    }

    private void drain() {
        long start = System.nanoTime();
        int count = 0;
        while (count++ < BATCH && System.nanoTime() - start < BATCH_NANOS) {
            LibvirtEvent event;
            Handler<LibvirtEvent> listener;
            synchronized (lock) {
                listener = handler;
                event = listener == null || demand == 0 ? null : buffer.poll();
                if (event == null) {
                    scheduled = false;
                    if (!ending || ended || !buffer.isEmpty()) {
                        return;
                    }
                    ended = true;
                    break;
                }
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
            }
            call(listener, event);
        }
        finishOrContinue();
    }

    private void finishOrContinue() {
        Throwable cause;
        Handler<Throwable> onFailure;
        Handler<Void> onEnd;
        synchronized (lock) {
            if (!ended) {
                delivery.later(this::drain);
                return;
            }
            cause = failure;
            onFailure = exceptionHandler;
            onEnd = endHandler;
        }
        if (cause != null && onFailure != null) {
            onFailure.handle(cause);
        }
        if (onEnd != null) {
            onEnd.handle(null);
        }
    }

    private void call(Handler<LibvirtEvent> listener, LibvirtEvent event) {
        long before = System.nanoTime();
        try {
            listener.handle(event);
        } catch (RuntimeException | Error e) {
            // One bad event must not take the rest with it; the context's own handler hears of it.
            delivery.report(e);
        } finally {
            slow.check(listener, event, System.nanoTime() - before);
        }
    }
}
