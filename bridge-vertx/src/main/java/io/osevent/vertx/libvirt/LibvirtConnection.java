package io.osevent.vertx.libvirt;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A connection to libvirt, for Vert.x: what blocks runs on the connection's own workers and returns a future, events
 * come as streams. An event loop must have been installed for libvirt before the first connection is opened.
 */
public final class LibvirtConnection {

    private static final Logger LOG = System.getLogger(LibvirtConnection.class.getName());

    private final Vertx vertx;
    private final LibvirtConnectOptions options;
    private final CallLane lane;
    private final List<DomainEventStream> streams = new CopyOnWriteArrayList<>();
    private final List<DomainConsole> consoles = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicLong received = new AtomicLong();
    /** Calls share it, closing takes it alone: libvirt frees the connection under whoever still uses it. */
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    private NativeConnect connect;
    private EventRegistrations registrations;
    private volatile CloseReason closeReason;
    private volatile boolean keepAlive;

    private record CloseHandler(Context context, Handler<CloseReason> handler) {}

    private CloseHandler closeHandler;

    private LibvirtConnection(Vertx vertx, LibvirtConnectOptions options) {
        this.vertx = vertx;
        this.options = options;
        this.lane = new CallLane(vertx, options);
    }

    /**
     * Opens a connection and registers for events.
     *
     * @param vertx the Vert.x whose workers and contexts are used
     * @param options what to open
     * @return the connection, or a {@link LibvirtFailure}
     */
    public static Future<LibvirtConnection> open(Vertx vertx, LibvirtConnectOptions options) {
        return begin(vertx, options).connection();
    }

    /**
     * An attempt under way.
     *
     * @param connection bounded by the options
     * @param settled completes when the native call has returned, however long it took
     */
    record Opening(Future<LibvirtConnection> connection, Future<LibvirtConnection> settled) {}

    static Opening begin(Vertx vertx, LibvirtConnectOptions options) {
        LibvirtConnection connection = new LibvirtConnection(vertx, options);
        Future<LibvirtConnection> settled = connection.lane.submit(connection::openNow);
        Future<LibvirtConnection> bounded = connection.lane.bounded("open", settled);
        // Behind a call that hangs, the close waits its turn; whoever asked does not.
        bounded.onFailure(cause -> connection.close());
        return new Opening(bounded, settled);
    }

    /**
     * Keeps libvirt from printing each error on standard error, where its default handler puts it; failures reach the
     * caller all the same. The setting is one per process.
     *
     * @throws LibvirtFailure if the library cannot be loaded
     */
    public static void silenceStandardError() {
        try {
            VirtErrors.silence();
        } catch (LinkageError e) {
            throw LibvirtErrors.of(e);
        }
    }

    /**
     * Returns the URI that was opened.
     *
     * @return the URI
     */
    public String uri() {
        return options.getUri();
    }

    /**
     * Lists all domains, running or not.
     *
     * @return the domains
     */
    public Future<List<DomainSummary>> domains() {
        return use("list domains", DomainCalls::list);
    }

    /**
     * Looks a domain up by name.
     *
     * @param name the name
     * @return the domain, or a failure of kind {@link LibvirtFailure.Kind#UNKNOWN_DOMAIN}
     */
    public Future<DomainSummary> domainByName(String name) {
        return use("look up " + name, c -> DomainCalls.byName(c, name));
    }

    /**
     * Looks a domain up by UUID.
     *
     * @param uuid the UUID as text
     * @return the domain, or a failure of kind {@link LibvirtFailure.Kind#UNKNOWN_DOMAIN}
     */
    public Future<DomainSummary> domainByUuid(String uuid) {
        return use("look up " + uuid, c -> DomainCalls.byUuid(c, uuid));
    }

    /**
     * Acts on a domain.
     *
     * @param name the domain's name
     * @param action the action
     * @return the domain as it is afterwards; an asked-for shutdown may still be under way
     */
    public Future<DomainSummary> act(String name, DomainAction action) {
        return use(action.id() + " " + name, c -> DomainCalls.act(c, name, action));
    }

    /**
     * Runs any blocking work with libvirt-java on a worker of this connection.
     *
     * @param <T> what it returns
     * @param what a name for it, for messages
     * @param work the work
     * @return its result, or a {@link LibvirtFailure}
     */
    public <T> Future<T> call(String what, LibvirtCall<T> work) {
        return use(what, work::run);
    }

    /**
     * Asks the daemon for a sign of life.
     *
     * @return completes if it answered
     */
    public Future<Void> ping() {
        return use("ping", c -> {
            c.getLibVersion();
            return null;
        });
    }

    /**
     * Returns a new stream of this connection's events with the default options.
     *
     * @return the stream; without a handler it buffers
     */
    public DomainEventStream events() {
        return events(new EventStreamOptions());
    }

    /**
     * Returns a new stream of this connection's events.
     *
     * @param how buffer, policy and place of delivery
     * @return the stream; without a handler it buffers
     */
    public DomainEventStream events(EventStreamOptions how) {
        DomainEventStream stream = new DomainEventStream(vertx, uri(), how, streams::remove);
        streams.add(stream);
        if (closing.get()) {
            stream.close();
        }
        return stream;
    }

    /**
     * Opens the console of a running domain.
     *
     * @param name the domain's name
     * @param device the alias of a console device, or null for the first
     * @return the console
     */
    public Future<DomainConsole> openConsole(String name, String device) {
        Context context = vertx.getOrCreateContext();
        return use("open the console of " + name, c -> {
            DomainConsole console = DomainConsole.open(c, lane, context, name, device, consoles::remove);
            consoles.add(console);
            return console;
        });
    }

    /**
     * Sets a handler that is called once if the connection ends by itself; it is not called by {@link #close()}.
     *
     * @param handler the handler, run on the context that sets it
     * @return this
     */
    public LibvirtConnection closeHandler(Handler<CloseReason> handler) {
        CloseHandler set = new CloseHandler(vertx.getOrCreateContext(), handler);
        CloseReason already;
        synchronized (streams) {
            closeHandler = set;
            already = closeReason;
        }
        if (already != null) {
            set.context().runOnContext(ignored -> handler.handle(already));
        }
        return this;
    }

    /**
     * Returns the kinds of events that the driver does not know.
     *
     * @return the kinds
     */
    public Set<EventKind> unsupportedEvents() {
        return registrations.unsupported();
    }

    /**
     * Says whether keepalive is on; drivers inside the process have none.
     *
     * @return true if the daemon is watched
     */
    public boolean hasKeepAlive() {
        return keepAlive;
    }

    /**
     * Returns the events that libvirt has delivered to this connection.
     *
     * @return the number
     */
    public long received() {
        return received.get();
    }

    /**
     * Closes the connection, its consoles and its streams.
     *
     * @return completes when nothing of it is registered with libvirt any more
     */
    public Future<Void> close() {
        if (!closing.compareAndSet(false, true)) {
            return Future.succeededFuture();
        }
        List<Future<Void>> ends = new ArrayList<>();
        consoles.forEach(console -> ends.add(console.close()));
        return Future.join(ends)
                .transform(ignored -> {
                    Future<Void> closed = lane.submit(this::closeNow);
                    // The lane outlives the bound: a call that hangs now may return, and then the close must follow.
                    closed.onComplete(done -> lane.close());
                    return lane.bounded("close", closed);
                })
                .eventually(() -> {
                    streams.forEach(DomainEventStream::close);
                    return Future.succeededFuture();
                });
    }

    private LibvirtConnection openNow() throws Exception {
        SpareDescriptors.demand(options.getUri());
        NativeConnect opened = new NativeConnect(options.getUri(), options.isReadOnly());
        boolean tooLate;
        use.writeLock().lock();
        try {
            tooLate = closing.get();
            connect = opened;
            registrations = EventRegistrations.make(opened, options.getEventKinds(), this::onEvent, this::onClosed);
        } finally {
            use.writeLock().unlock();
        }
        if (tooLate) {
            // The caller's bound has expired meanwhile.
            closeNow();
            throw LibvirtFailure.lost("opened too late: the caller has given up");
        }
        // The built-in test driver has no daemon to watch, and libvirt would print an error when asked.
        if (options.getKeepAliveInterval() > 0 && !uri().startsWith("test:")) {
            keepAlive = startKeepAlive(opened);
        }
        return this;
    }

    private boolean startKeepAlive(NativeConnect opened) {
        try {
            return opened.setKeepAlive(options.getKeepAliveInterval(), options.getKeepAliveCount());
        } catch (org.libvirt.LibvirtException e) {
            LOG.log(Level.DEBUG, "No keepalive for {0}: {1}", uri(), e.getMessage());
            return false;
        }
    }

    private Void closeNow() throws Exception {
        use.writeLock().lock();
        try {
            if (connect == null) {
                return null;
            }
            NativeConnect closed = connect;
            connect = null;
            if (registrations != null) {
                registrations.remove(closed);
            }
            int left = closed.close();
            if (left > 0) {
                // An event under way holds the connection until it has been delivered.
                LOG.log(Level.DEBUG, "{0} references to {1} are left after close", left, uri());
            }
            return null;
        } finally {
            use.writeLock().unlock();
        }
    }

    private interface Work<T> {
        T run(NativeConnect connect) throws Exception;
    }

    private <T> Future<T> use(String what, Work<T> work) {
        if (closing.get()) {
            return Future.failedFuture(closed());
        }
        Callable<T> guarded = () -> {
            use.readLock().lock();
            try {
                if (connect == null) {
                    throw closed();
                }
                return work.run(connect);
            } finally {
                use.readLock().unlock();
            }
        };
        return lane.call(what, guarded);
    }

    private LibvirtFailure closed() {
        return LibvirtFailure.lost("the connection to " + uri() + " is closed");
    }

    private void onEvent(LibvirtEvent event) {
        received.incrementAndGet();
        for (DomainEventStream stream : streams) {
            stream.offer(event);
        }
    }

    private void onClosed(int reason) {
        CloseHandler told;
        synchronized (streams) {
            closeReason = CloseReason.of(reason);
            told = closeHandler;
        }
        if (told != null && !closing.get()) {
            told.context().runOnContext(ignored -> told.handler().handle(CloseReason.of(reason)));
        }
    }
}
