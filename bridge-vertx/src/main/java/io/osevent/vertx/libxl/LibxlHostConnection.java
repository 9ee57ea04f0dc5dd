package io.osevent.vertx.libxl;

import io.osevent.libxl.LibxlCtx;
import io.osevent.vertx.LibxlContext;
import io.osevent.vertx.LibxlWatch;
import io.osevent.vertx.libvirt.ConsoleStream;
import io.osevent.vertx.libvirt.DomainAction;
import io.osevent.vertx.libvirt.DomainState;
import io.osevent.vertx.libvirt.DomainSummary;
import io.osevent.vertx.libvirt.HostConnection;
import io.osevent.vertx.libvirt.LibvirtFailure.Kind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;

/** One context of libxl as a managed host uses it. Used on the host's context. */
final class LibxlHostConnection implements HostConnection {

    private final LibxlContext xen;
    private final boolean readOnly;
    private final Duration callTimeout;
    /** Only a name that was there can be missed. */
    private final boolean named;

    private final DomainTable table = new DomainTable();
    private final Map<Integer, LibxlWatch> watches = new ConcurrentHashMap<>();
    private Listener listener;
    private boolean closing;

    private LibxlHostConnection(LibxlContext xen, boolean readOnly, Duration callTimeout, boolean named) {
        this.xen = xen;
        this.readOnly = readOnly;
        this.callTimeout = callTimeout;
        this.named = named;
    }

    static Future<LibxlHostConnection> open(LibxlContext xen, boolean readOnly, Duration callTimeout) {
        return xen.domainName(DomainTable.DOM0)
                .map(name -> new LibxlHostConnection(xen, readOnly, callTimeout, name != null));
    }

    @Override
    public void listen(Listener told) {
        listener = told;
        xen.disasterHandler(failure -> told.lost(failure.getMessage()));
        xen.closed().onComplete(done -> {
            if (!closing) {
                told.lost(done.failed() ? done.cause().getMessage() : "the context of libxl was closed");
            }
        });
    }

    /** A killed xenstored raises nothing; but a name that was there is not there any more. */
    @Override
    public Future<Void> ping() {
        return bounded("ping", xen.domainName(DomainTable.DOM0))
                .compose(name -> named && name == null
                        ? Future.failedFuture(LibxlFailures.of(Kind.CONNECTION_LOST, "xenstored does not answer"))
                        : Future.succeededFuture());
    }

    @Override
    public Future<List<DomainSummary>> domains() {
        return bounded("list domains", list().compose(listed -> {
            List<Integer> unknown = table.unknown(listed);
            List<DomainSummary> known = table.take(listed);
            forgetUnless(table::has);
            // Known first: a new watch may tell at once.
            return watch(unknown).map(ignored -> known);
        }));
    }

    @Override
    public Future<DomainSummary> domainByUuid(String uuid) {
        Optional<Integer> domid = table.domid(uuid);
        if (domid.isEmpty()) {
            return Future.failedFuture(LibxlFailures.of(Kind.UNKNOWN_DOMAIN, "no domain has the UUID " + uuid));
        }
        return bounded("look up " + uuid, ask(domid.get()).map(table::take));
    }

    @Override
    public Future<DomainSummary> act(String name, DomainAction action) {
        if (readOnly) {
            return Future.failedFuture(
                    LibxlFailures.of(Kind.ACCESS_DENIED, "the connection to " + LibxlConnector.URI + " is read-only"));
        }
        return bounded(action.id() + " " + name, list().compose(listed -> {
            Optional<DomainTable.Listed> found = listed.stream()
                    .filter(each ->
                            !each.info().dying() && name.equals(each.summary().name()))
                    .findFirst();
            Optional<String> refusal = found.map(each -> refusal(action, each)).orElse(Optional.empty());
            if (refusal.isPresent()) {
                return Future.failedFuture(LibxlFailures.of(Kind.INVALID_STATE, refusal.get()));
            }
            if (found.isPresent()) {
                return act(found.get(), action);
            }
            return Future.failedFuture(
                    action == DomainAction.START
                            ? LibxlFailures.of(
                                    Kind.UNSUPPORTED,
                                    "libxl keeps no definitions, so '" + name
                                            + "' cannot be started here: create it with 'xl create'")
                            : LibxlFailures.of(Kind.UNKNOWN_DOMAIN, "no domain has the name '" + name + "'"));
        }));
    }

    private Future<DomainSummary> act(DomainTable.Listed domain, DomainAction action) {
        int domid = domain.domid();
        Future<Void> done = switch (action) {
            case SUSPEND -> xen.pause(domid);
            case RESUME -> xen.unpause(domid);
            case SHUTDOWN -> xen.shutdown(domid);
            case REBOOT -> xen.reboot(domid);
            case DESTROY -> xen.destroy(domid);
            case START -> throw new IllegalArgumentException("a domain that is there is not started");
        };
        return done.compose(ignored -> action == DomainAction.DESTROY
                ? Future.succeededFuture(DomainTable.in(domain.summary(), DomainState.SHUTOFF))
                : ask(domid).map(DomainTable.Listed::summary));
    }

    /** Why the domain's state forbids an action. */
    private static Optional<String> refusal(DomainAction action, DomainTable.Listed domain) {
        DomainSummary now = domain.summary();
        if (domain.domid() == DomainTable.DOM0) {
            return Optional.of("'" + now.name() + "' runs this host, and is not acted upon");
        }
        boolean possible = switch (action) {
            case START -> false;
            // A guest that stands still takes note of nothing.
            case SUSPEND, SHUTDOWN, REBOOT -> now.state() == DomainState.RUNNING;
            case RESUME -> now.state() == DomainState.PAUSED;
            case DESTROY -> true;
        };
        return possible
                ? Optional.empty()
                : Optional.of("'" + now.name() + "' is " + now.state().name().toLowerCase(Locale.ROOT) + ": no "
                        + action.id());
    }

    @Override
    public Future<ConsoleStream> openConsole(String name, String device) {
        return Future.failedFuture(LibxlFailures.of(
                Kind.UNSUPPORTED,
                "consoles of libxl's guests are not offered here: 'xl console " + name + "' on that host"));
    }

    @Override
    public boolean tellsAll() {
        return false;
    }

    @Override
    public long dropped() {
        return 0;
    }

    @Override
    public Future<Void> close() {
        closing = true;
        return xen.close();
    }

    private Future<List<DomainTable.Listed>> list() {
        return xen.call("list of domains", ctx -> {
            List<DomainTable.Listed> all = new ArrayList<>();
            for (String json : ctx.listDomains()) {
                all.add(listed(ctx, DomainInfo.of(new JsonObject(json))));
            }
            return all;
        });
    }

    private Future<DomainTable.Listed> ask(int domid) {
        return xen.call("libxl_domain_info", ctx -> listed(ctx, DomainInfo.of(new JsonObject(ctx.domainInfo(domid)))));
    }

    private static DomainTable.Listed listed(LibxlCtx ctx, DomainInfo info) {
        return new DomainTable.Listed(info, ctx.domainName(info.domid()));
    }

    /** Completes when libxl watches; what happened to a domain before is told then. */
    private Future<?> watch(List<Integer> domids) {
        List<Future<?>> all = new ArrayList<>();
        for (int domid : domids) {
            if (!watches.containsKey(domid)) {
                all.add(xen.watchDomain(domid, this::onEvent).onSuccess(watch -> watches.put(domid, watch)));
            }
        }
        return all.isEmpty() ? Future.succeededFuture() : Future.join(all);
    }

    private void onEvent(DomainEvent event) {
        table.told(event).ifPresent(listener::event);
        forgetUnless(table::has);
    }

    private void forgetUnless(IntPredicate there) {
        watches.forEach((domid, watch) -> {
            if (!there.test(domid) && watches.remove(domid, watch)) {
                watch.close();
            }
        });
    }

    private <T> Future<T> bounded(String what, Future<T> future) {
        return future.timeout(callTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(
                        cause instanceof TimeoutException
                                ? LibxlFailures.of(
                                        Kind.TIMEOUT,
                                        "no end of '" + what + "' within " + callTimeout.toMillis()
                                                + " ms; libxl goes on with it")
                                : LibxlFailures.of(cause)));
    }
}
