package io.osevent.vertx.libvirt;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A host that stays connected: after a loss it comes back with a growing delay, registers again, lists its domains and
 * tells as synthetic events what changed meanwhile. It only ever watches: a reconnect starts or stops no guest.
 */
public final class ManagedHost {

    private static final Logger LOG = System.getLogger(ManagedHost.class.getName());

    private final Vertx vertx;
    private final Context context;
    private final String id;
    private final ManagedHostOptions options;
    private final Backoff backoff;
    private final Inventory inventory;
    private final List<DomainEventStream> streams = new CopyOnWriteArrayList<>();
    private final List<Handler<HostStatus>> statusHandlers = new CopyOnWriteArrayList<>();
    private final AtomicLong connects = new AtomicLong();
    private final AtomicLong synthetic = new AtomicLong();

    private volatile HostStatus status = HostStatus.now(HostState.CONNECTING, "");
    private volatile HostConnection connection;
    private volatile long lost;
    private volatile long probeMillis = -1;
    private HostSync sync;
    private long knownLost;
    private boolean opening;
    private long timer = -1;

    private ManagedHost(Vertx vertx, String id, ManagedHostOptions options) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.id = id;
        this.options = options;
        this.inventory = new Inventory(options.getKnown());
        this.backoff = new Backoff(
                options.getFirstBackoff(), options.getMaxBackoff(), ThreadLocalRandom.current()::nextDouble);
    }

    /**
     * Starts to connect; failures are seen in the status, and tried again.
     *
     * @param vertx the Vert.x to run on
     * @param id a name for the host
     * @param options how to connect, and how to come back
     * @return the host, at first in the state {@link HostState#CONNECTING}
     */
    public static ManagedHost start(Vertx vertx, String id, ManagedHostOptions options) {
        ManagedHost host = new ManagedHost(vertx, id, options);
        host.context.runOnContext(ignored -> host.connect());
        return host;
    }

    /**
     * Returns the name given at the start.
     *
     * @return the name
     */
    public String id() {
        return id;
    }

    /**
     * Returns what is connected to.
     *
     * @return the URI
     */
    public String uri() {
        return options.getConnector().uri();
    }

    /**
     * Returns the present status.
     *
     * @return the status
     */
    public HostStatus status() {
        return status;
    }

    /**
     * Returns the domains as last known; while the host is not connected they may be out of date.
     *
     * @return a copy
     */
    public Collection<DomainSummary> domains() {
        return inventory.domains();
    }

    /**
     * Returns how often a connection was made.
     *
     * @return 0 before the first, then 1 more than the number of reconnects
     */
    public long connects() {
        return connects.get();
    }

    /**
     * Returns the events that were found by comparing instead of received.
     *
     * @return the number
     */
    public long syntheticEvents() {
        return synthetic.get();
    }

    /**
     * Returns the events lost in the buffers of this host and of its streams.
     *
     * @return the number
     */
    public long dropped() {
        long sum = lost;
        for (DomainEventStream stream : streams) {
            sum += stream.dropped();
        }
        return sum;
    }

    /**
     * Returns the calls of listeners of this host's streams that took too long.
     *
     * @return the number
     */
    public long slowCalls() {
        return streams.stream().mapToLong(DomainEventStream::slowCalls).sum();
    }

    /**
     * Returns how long the last probe took.
     *
     * @return milliseconds, -1 before the first
     */
    public long probeMillis() {
        return probeMillis;
    }

    /**
     * Returns libvirt's connection of the moment.
     *
     * @return the connection; null if there is none, or it is not libvirt's
     */
    public LibvirtConnection connection() {
        return connection instanceof LibvirtHostConnection libvirt ? libvirt.connection() : null;
    }

    /**
     * Calls a handler on each change of the status.
     *
     * @param handler the handler, run on the host's context
     * @return this
     */
    public ManagedHost statusHandler(Handler<HostStatus> handler) {
        statusHandlers.add(handler);
        return this;
    }

    /**
     * Returns a new stream of this host's events, received and synthetic, that outlives its connections.
     *
     * @param how buffer, policy and place of delivery
     * @return the stream
     */
    public DomainEventStream events(EventStreamOptions how) {
        DomainEventStream stream = new DomainEventStream(vertx, uri(), how, streams::remove);
        streams.add(stream);
        return stream;
    }

    /**
     * Acts on a domain.
     *
     * @param name the domain's name
     * @param action the action
     * @return the domain as it is afterwards
     */
    public Future<DomainSummary> act(String name, DomainAction action) {
        return use(c -> c.act(name, action).onSuccess(done -> context.runOnContext(ignored -> acted(c))));
    }

    /**
     * Opens the console of a running domain.
     *
     * @param name the domain's name
     * @param device the alias of a console device, or null for the first
     * @return the console
     */
    public Future<ConsoleStream> openConsole(String name, String device) {
        return use(c -> c.openConsole(name, device));
    }

    /**
     * Closes the connection and ends the streams.
     *
     * @return completes when nothing is registered with libvirt any more
     */
    public Future<Void> close() {
        return Future.future(promise -> context.runOnContext(ignored -> {
            enter(HostState.CLOSED, "");
            vertx.cancelTimer(timer);
            Future<Void> closed = connection == null ? Future.succeededFuture() : release();
            streams.forEach(DomainEventStream::close);
            closed.onComplete(promise);
        }));
    }

    private <T> Future<T> use(Function<HostConnection, Future<T>> work) {
        HostConnection present = connection;
        if (present == null || !status.state().isConnected()) {
            return Future.failedFuture(
                    LibvirtFailure.lost("host " + id + " is " + status.state().id() + ": " + status.reason()));
        }
        return work.apply(present).onFailure(cause -> onTrouble(present, cause));
    }

    private void connect() {
        if (status.state() == HostState.CLOSED) {
            return;
        }
        if (opening) {
            // A call that hangs holds its thread; another one beside it would hang as well.
            retry("the previous attempt to open it has not returned");
            return;
        }
        // Until it succeeds, an attempt is best told with what became of the one before.
        enter(HostState.CONNECTING, status.reason());
        opening = true;
        HostConnector.Attempt attempt = options.getConnector().connect(vertx);
        attempt.settled().onComplete(ignored -> context.runOnContext(done -> opening = false));
        attempt.connection()
                .onComplete(done -> context.runOnContext(ignored -> {
                    if (done.failed()) {
                        down(done.cause().getMessage());
                    } else {
                        opened(done.result());
                    }
                }));
    }

    private void opened(HostConnection opened) {
        if (status.state() == HostState.CLOSED) {
            opened.close();
            return;
        }
        connection = opened;
        HostSync mine = new HostSync(vertx, opened, inventory, this::emit, cause -> onTrouble(opened, cause));
        sync = mine;
        knownLost = 0;
        opened.listen(new HostConnection.Listener() {
            @Override
            public void event(LibvirtEvent event) {
                mine.onEvent(event);
            }

            @Override
            public void lost(String reason) {
                context.runOnContext(ignored -> ManagedHost.this.lost(opened, reason));
            }
        });
        mine.list()
                .onComplete(done -> context.runOnContext(ignored -> {
                    if (sync != mine) {
                        return;
                    }
                    if (done.failed()) {
                        lost(opened, done.cause().getMessage());
                        return;
                    }
                    connects.incrementAndGet();
                    backoff.reset();
                    enter(HostState.UP, "");
                    probeLater();
                }));
    }

    /** Where an action is no event, what it did is found by listing. */
    private void acted(HostConnection which) {
        if (which == connection && !which.tellsAll()) {
            sync.list().onFailure(trouble -> onTrouble(which, trouble));
        }
    }

    private void emit(LibvirtEvent event) {
        if (event.synthetic()) {
            synthetic.incrementAndGet();
        }
        for (DomainEventStream stream : streams) {
            stream.offer(event);
        }
    }

    private void probeLater() {
        timer = vertx.setTimer(options.getProbeInterval().toMillis(), ignored -> probe());
    }

    private void probe() {
        HostConnection probed = connection;
        if (probed == null) {
            return;
        }
        long start = System.nanoTime();
        HostSync present = sync;
        Future<Void> answer = probed.ping();
        long late = vertx.setTimer(options.getSlowProbe().toMillis(), ignored -> {
            if (sync == present && status.state() == HostState.UP) {
                enter(
                        HostState.DEGRADED,
                        "no answer for " + options.getSlowProbe().toMillis() + " ms");
            }
        });
        answer.onComplete(done -> context.runOnContext(ignored -> {
            vertx.cancelTimer(late);
            if (sync != present) {
                return;
            }
            probeMillis = (System.nanoTime() - start) / 1_000_000;
            judge(probed, done.cause());
            if (sync == present) {
                probeLater();
            }
        }));
    }

    private void judge(HostConnection probed, Throwable cause) {
        if (cause instanceof LibvirtFailure failure && failure.kind() == LibvirtFailure.Kind.CONNECTION_LOST) {
            lost(probed, failure.getMessage());
        } else if (cause != null) {
            enter(HostState.DEGRADED, cause.getMessage());
        } else if (probeMillis > options.getSlowProbe().toMillis()) {
            enter(HostState.DEGRADED, "the last answer took " + probeMillis + " ms");
        } else {
            enter(HostState.UP, "");
        }
        if (sync == null) {
            return;
        }
        long dropped = probed.dropped();
        lost += dropped - knownLost;
        // Events were lost on this side, or not all changes are events: what is not told is found by listing.
        boolean unsure = dropped != knownLost || !probed.tellsAll();
        knownLost = dropped;
        if (unsure) {
            sync.list().onFailure(trouble -> onTrouble(probed, trouble));
        }
    }

    private void onTrouble(HostConnection which, Throwable cause) {
        if (cause instanceof LibvirtFailure failure && failure.kind() == LibvirtFailure.Kind.CONNECTION_LOST) {
            context.runOnContext(ignored -> lost(which, failure.getMessage()));
        }
    }

    private void lost(HostConnection which, String reason) {
        if (which != null && which == connection && status.state() != HostState.CLOSED) {
            release().onFailure(cause -> LOG.log(Level.WARNING, "Host {0}: {1}", id, cause.getMessage()));
            down(reason);
        }
    }

    private Future<Void> release() {
        HostConnection released = connection;
        connection = null;
        if (sync != null) {
            sync.stop();
        }
        sync = null;
        vertx.cancelTimer(timer);
        return released.close();
    }

    private void down(String reason) {
        if (status.state() != HostState.CLOSED) {
            enter(HostState.DOWN, reason);
            retry(reason);
        }
    }

    private void retry(String reason) {
        long delay = backoff.nextMillis();
        enter(HostState.BACKING_OFF, reason);
        timer = vertx.setTimer(delay, ignored -> connect());
    }

    private void enter(HostState state, String reason) {
        HostStatus before = status;
        if (before.state() == HostState.CLOSED
                || (before.state() == state && before.reason().equals(reason))) {
            return;
        }
        HostStatus entered = HostStatus.now(state, reason);
        status = entered;
        for (Handler<HostStatus> handler : statusHandlers) {
            handler.handle(entered);
        }
    }
}
