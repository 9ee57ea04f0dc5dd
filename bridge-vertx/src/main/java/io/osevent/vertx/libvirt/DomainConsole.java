package io.osevent.vertx.libvirt;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The console of a guest, without blocking: libvirt says when there is something to read or room to write. Both
 * directions have back-pressure; a paused reader pauses the daemon.
 */
public final class DomainConsole implements ConsoleStream {

    private static final int CHUNK = 8192;
    private static final int READS_PER_CALL = 8;
    private static final int INBOX_LIMIT = 256 * 1024;

    private final Object lock = new Object();
    private final CallLane lane;
    private final Context context;
    private final Consumer<DomainConsole> onClose;
    private final long stream;
    private final long key;
    private final Deque<Buffer> inbox = new ArrayDeque<>();
    private final ConsoleOutbox outbox = new ConsoleOutbox();
    private final Promise<Void> closed = Promise.promise();

    private int interest;
    private int inboxBytes;
    private long demand = Long.MAX_VALUE;
    private boolean scheduled;
    private boolean eof;
    private boolean ended;
    private boolean closing;
    private Throwable failure;
    private Handler<Buffer> handler;
    private Handler<Void> endHandler;
    private Handler<Void> drainHandler;
    private Handler<Throwable> exceptionHandler;

    private DomainConsole(long stream, CallLane lane, Context context, Consumer<DomainConsole> onClose) {
        this.stream = stream;
        this.lane = lane;
        this.context = context;
        this.onClose = onClose;
        this.key = ConsoleCallback.open(this::onReady);
    }

    /** Runs on a worker: opening is a call to the daemon. */
    static DomainConsole open(
            NativeConnect connect,
            CallLane lane,
            Context context,
            String name,
            String device,
            Consumer<DomainConsole> onClose) {
        long domain = VirtErrors.check(VirtApi.virDomainLookupByName(connect.address(), name));
        try {
            long stream = VirtErrors.check(VirtApi.virStreamNew(connect.address(), VirtApi.STREAM_NONBLOCK));
            DomainConsole console = new DomainConsole(stream, lane, context, onClose);
            try {
                VirtErrors.check(VirtApi.virDomainOpenConsole(domain, device, stream, VirtApi.CONSOLE_FORCE));
                console.interest = VirtApi.STREAM_READABLE;
                VirtErrors.check(VirtApi.virStreamEventAddCallback(
                        stream, VirtApi.STREAM_READABLE, ConsoleCallback.CALLBACK, console.key, 0));
            } catch (LibvirtFailure e) {
                ConsoleCallback.close(console.key);
                VirtApi.virStreamFree(stream);
                throw e;
            }
            return console;
        } finally {
            VirtApi.virDomainFree(domain);
        }
    }

    @Override
    public DomainConsole handler(Handler<Buffer> value) {
        synchronized (lock) {
            handler = value;
            schedule();
        }
        return this;
    }

    @Override
    public DomainConsole endHandler(Handler<Void> value) {
        synchronized (lock) {
            endHandler = value;
            schedule();
        }
        return this;
    }

    @Override
    public DomainConsole exceptionHandler(Handler<Throwable> value) {
        synchronized (lock) {
            exceptionHandler = value;
        }
        return this;
    }

    @Override
    public DomainConsole pause() {
        synchronized (lock) {
            demand = 0;
            applyInterest();
        }
        return this;
    }

    @Override
    public DomainConsole resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public DomainConsole fetch(long amount) {
        synchronized (lock) {
            demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
            applyInterest();
            schedule();
        }
        return this;
    }

    @Override
    public Future<Void> write(Buffer data) {
        synchronized (lock) {
            if (closing || eof) {
                return Future.failedFuture(LibvirtFailure.lost("the console is closed"));
            }
            Future<Void> written = outbox.add(data);
            applyInterest();
            return written;
        }
    }

    @Override
    public Future<Void> end() {
        return close();
    }

    @Override
    public DomainConsole setWriteQueueMaxSize(int maxSize) {
        synchronized (lock) {
            outbox.setLimit(maxSize);
        }
        return this;
    }

    @Override
    public boolean writeQueueFull() {
        synchronized (lock) {
            return outbox.isFull();
        }
    }

    @Override
    public DomainConsole drainHandler(Handler<Void> value) {
        synchronized (lock) {
            drainHandler = value;
        }
        return this;
    }

    @Override
    public Future<Void> close() {
        synchronized (lock) {
            if (closing) {
                return closed.future();
            }
            closing = true;
            VirtApi.virStreamEventRemoveCallback(stream);
            outbox.fail(LibvirtFailure.lost("the console was closed"));
            schedule();
        }
        ConsoleCallback.close(key);
        onClose.accept(this);
        // Aborting is a call to the daemon.
        lane.<Void>submit(() -> {
                    VirtApi.virStreamAbort(stream);
                    VirtApi.virStreamFree(stream);
                    return null;
                })
                .onComplete(closed);
        return closed.future();
    }

    /** Libvirt's callback, on its event loop. */
    private void onReady(int events) {
        boolean over;
        synchronized (lock) {
            if (closing || eof) {
                return;
            }
            if ((events & VirtApi.STREAM_READABLE) != 0) {
                receive();
            }
            if ((events & VirtApi.STREAM_WRITABLE) != 0 && !eof) {
                send();
            }
            if ((events & (VirtApi.STREAM_ERROR | VirtApi.STREAM_HANGUP)) != 0) {
                eof = true;
            }
            over = eof;
            applyInterest();
            schedule();
        }
        if (over) {
            close();
        }
    }

    private void receive() {
        byte[] chunk = new byte[CHUNK];
        for (int i = 0; i < READS_PER_CALL && inboxBytes < INBOX_LIMIT; i++) {
            int count = VirtApi.virStreamRecv(stream, chunk, CHUNK);
            if (count == VirtApi.WOULD_BLOCK) {
                return;
            }
            if (count <= 0) {
                failure = count == 0 ? null : VirtErrors.last();
                eof = true;
                return;
            }
            inbox.add(Buffer.buffer(count).appendBytes(chunk, 0, count));
            inboxBytes += count;
        }
    }

    private void send() {
        boolean wasFull = outbox.isFull();
        if (!outbox.flush(data -> VirtApi.virStreamSend(stream, data, data.length))) {
            failure = VirtErrors.last();
            eof = true;
        } else if (wasFull && !outbox.isFull() && drainHandler != null) {
            Handler<Void> told = drainHandler;
            context.runOnContext(told::handle);
        }
    }

    /** Under the lock. Only a flag for libvirt's loop, no call to the daemon. */
    private void applyInterest() {
        if (closing || eof) {
            return;
        }
        int wanted = demand > 0 && inboxBytes < INBOX_LIMIT ? VirtApi.STREAM_READABLE : 0;
        if (!outbox.isEmpty()) {
            wanted |= VirtApi.STREAM_WRITABLE;
        }
        if (wanted != interest) {
            interest = wanted;
            VirtApi.virStreamEventUpdateCallback(stream, wanted);
        }
    }

    /** Under the lock. */
    private void schedule() {
        boolean deliverable = handler != null && demand > 0 && !inbox.isEmpty();
        boolean finishing = (eof || closing) && inbox.isEmpty() && !ended;
        if (!scheduled && (deliverable || finishing)) {
            scheduled = true;
            context.runOnContext(ignored -> drain());
        }
    }

    private void drain() {
        while (true) {
            Buffer data;
            Handler<Buffer> reader;
            synchronized (lock) {
                reader = handler;
                data = reader == null || demand == 0 ? null : inbox.poll();
                if (data == null) {
                    scheduled = false;
                    applyInterest();
                    if (!(eof || closing) || ended || !inbox.isEmpty()) {
                        return;
                    }
                    ended = true;
                    break;
                }
                inboxBytes -= data.length();
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
            }
            reader.handle(data);
        }
        Throwable cause;
        Handler<Throwable> onFailure;
        Handler<Void> onEnd;
        synchronized (lock) {
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
}
