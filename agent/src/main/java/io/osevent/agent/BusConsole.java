package io.osevent.agent;

import io.osevent.vertx.libvirt.ConsoleStream;
import io.osevent.vertx.libvirt.LibvirtFailure;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One end of a console that crosses the event bus, the same at both ends. A sender has no more than a window's bytes under
 * way that the other end has not yet passed on; each end asks the other for a sign of life. Used on the agent's event loop.
 */
final class BusConsole implements ConsoleStream {

    private static final String TYPE = "type";
    private static final String DATA = "data";
    private static final String CREDIT = "credit";
    private static final String PING = "ping";
    private static final String END = "end";

    private static final int WINDOW = 64 * 1024;
    private static final long LINGER_MILLIS = 1_000;

    /**
     * How the other end is watched.
     *
     * @param everyMillis between two questions
     * @param boundMillis for an answer
     */
    record Watch(long everyMillis, long boundMillis) {
        static final Watch DEFAULT = new Watch(2_000, 5_000);
    }

    private final Vertx vertx;
    private final String to;
    private final String other;
    private final Watch watch;
    private final MessageConsumer<Object> consumer;
    private final Deque<Buffer> inbox = new ArrayDeque<>();

    private Handler<Buffer> handler;
    private Handler<Void> endHandler;
    private Handler<Void> drainHandler;
    private Handler<Throwable> exceptionHandler;
    private LibvirtFailure failure;
    private long demand = Long.MAX_VALUE;
    private int limit = WINDOW;
    private int underWay;
    private long timer = -1;
    private boolean delivering;
    private boolean over;
    private boolean ended;

    /**
     * @param from where this end listens
     * @param to where the other end listens
     * @param other names the other end in messages
     */
    BusConsole(Vertx vertx, String from, String to, String other, Watch watch) {
        this.vertx = vertx;
        this.to = to;
        this.other = other;
        this.watch = watch;
        this.consumer = vertx.eventBus().consumer(from, this::receive);
    }

    /** Completes when the other end can reach this one. */
    Future<Void> listening() {
        return consumer.completion();
    }

    /** From now on the other end is there. */
    void connected() {
        if (!over) {
            timer = vertx.setPeriodic(watch.everyMillis(), ignored -> ping());
        }
    }

    private void ping() {
        DeliveryOptions bounded = options(PING).setSendTimeout(watch.boundMillis());
        vertx.eventBus().request(to, "", bounded).onFailure(cause -> lost(other + " does not answer any more"));
    }

    private void receive(Message<Object> message) {
        if (over) {
            return;
        }
        switch (message.headers().get(TYPE)) {
            case DATA -> {
                inbox.add((Buffer) message.body());
                deliver();
            }
            case CREDIT -> credited((Integer) message.body());
            case END -> {
                String why = (String) message.body();
                finish(why.isEmpty() ? null : failure(why));
            }
            default -> message.reply("");
        }
    }

    private void credited(int bytes) {
        boolean wasFull = writeQueueFull();
        underWay -= bytes;
        if (wasFull && !writeQueueFull() && drainHandler != null) {
            drainHandler.handle(null);
        }
    }

    /** A handler may pause, resume or close from within. */
    private void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            while (handler != null && demand > 0 && !inbox.isEmpty()) {
                Buffer data = inbox.poll();
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
                handler.handle(data);
                if (!over) {
                    send(CREDIT, data.length());
                }
            }
        } finally {
            delivering = false;
        }
        if (over && !ended && inbox.isEmpty()) {
            ended = true;
            if (failure != null && exceptionHandler != null) {
                exceptionHandler.handle(failure);
            }
            if (endHandler != null) {
                endHandler.handle(null);
            }
        }
    }

    /** What has arrived is still delivered. */
    private void finish(LibvirtFailure why) {
        if (over) {
            return;
        }
        over = true;
        failure = why;
        vertx.cancelTimer(timer);
        // What the other end has sent meanwhile is dropped quietly.
        vertx.setTimer(LINGER_MILLIS, ignored -> consumer.unregister());
        deliver();
    }

    private void lost(String why) {
        finish(failure(why));
    }

    private static LibvirtFailure failure(String why) {
        return new LibvirtFailure(LibvirtFailure.Kind.CONNECTION_LOST, "", "", why, null);
    }

    private void send(String type, Object body) {
        vertx.eventBus().send(to, body, options(type));
    }

    private static DeliveryOptions options(String type) {
        return new DeliveryOptions().addHeader(TYPE, type);
    }

    @Override
    public Future<Void> write(Buffer data) {
        if (over) {
            return Future.failedFuture(failure("the console is closed"));
        }
        underWay += data.length();
        send(DATA, data);
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
        return close();
    }

    @Override
    public Future<Void> close() {
        return close("");
    }

    /** Tells the other end why. */
    Future<Void> close(String why) {
        if (!over) {
            send(END, why);
            finish(null);
        }
        return Future.succeededFuture();
    }

    @Override
    public boolean writeQueueFull() {
        return underWay >= limit;
    }

    @Override
    public BusConsole setWriteQueueMaxSize(int maxSize) {
        limit = Math.min(maxSize, WINDOW);
        return this;
    }

    @Override
    public BusConsole handler(Handler<Buffer> value) {
        handler = value;
        deliver();
        return this;
    }

    @Override
    public BusConsole pause() {
        demand = 0;
        return this;
    }

    @Override
    public BusConsole resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public BusConsole fetch(long amount) {
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        deliver();
        return this;
    }

    @Override
    public BusConsole endHandler(Handler<Void> value) {
        endHandler = value;
        return this;
    }

    @Override
    public BusConsole drainHandler(Handler<Void> value) {
        drainHandler = value;
        return this;
    }

    @Override
    public BusConsole exceptionHandler(Handler<Throwable> value) {
        exceptionHandler = value;
        return this;
    }
}
