package io.osevent.libxl;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import io.osevent.bridge.NativeContext;
import io.osevent.shim.Seam;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A {@code libxl_ctx} whose events come through an event set.
 *
 * <p>Every call may block: while another thread is inside libxl with this context, and for as long as its own work takes.
 * So none belongs on an event loop, nor in a hook. Calls from several threads are legal; {@link #free} is not, while any
 * other is going on. Who keeps count is the {@link NativeContext}.
 *
 * <p>There is no {@code libxl_event_wait} here on purpose: beside hooks, it can sleep with its event at hand.
 */
public final class LibxlCtx {
    /** Hears of what libxl tells on its own account, on a thread that is inside libxl. */
    public interface Listener {
        /**
         * An event. libxl may be called, but the context must not be freed.
         *
         * @param event the event
         */
        void eventOccurred(RawEvent event);

        /**
         * Events may have been lost, or the system is badly broken: the context is to be closed. libxl must not be called.
         *
         * @param message what libxl was trying to do
         */
        void disaster(String message);
    }

    private static final System.Logger LOG = System.getLogger(LibxlCtx.class.getName());
    private static final AtomicLong LAST = new AtomicLong();

    private final NativeContext context;
    private final Seam seam;
    private final Listener listener;
    private final HookObserver observer;
    private final CallIns callIns;
    private final OseventHooks hooks;
    private final LibxlLog log;
    private final long user = LAST.incrementAndGet();
    private final Queue<LibxlCall<?>> blocking = new ConcurrentLinkedQueue<>();
    private final Set<Operation> operations = ConcurrentHashMap.newKeySet();
    private final Set<EventGenerator> generators = ConcurrentHashMap.newKeySet();

    private long logger;
    private long address;
    private volatile boolean aborting;
    private CompletableFuture<Void> noOperations;

    private LibxlCtx(NativeContext context, Seam seam, Listener listener, HookObserver observer) {
        this.context = context;
        this.seam = seam;
        this.listener = listener;
        this.observer = GuardedObserver.of(observer);
        this.callIns = CallIns.of(seam, Libxl.load(), this.observer, context.toString());
        this.hooks = new OseventHooks(context, callIns, this.observer);
        this.log = LibxlLog.open(user, context.toString());
    }

    /**
     * Allocates a context, and installs everything that libxl wants before its first use.
     *
     * @param context what its registrations belong to, with a worker of its own
     * @param seam calls into libxl
     * @param listener hears of events
     * @param observer sees hooks and call-ins
     * @return the context
     * @throws UnsupportedOperationException if libxl is not there
     * @throws IllegalStateException if somebody else handles SIGCHLD
     * @throws LibxlException if libxl finds no Xen
     */
    public static LibxlCtx alloc(NativeContext context, Seam seam, Listener listener, HookObserver observer) {
        LibxlCtx ctx = new LibxlCtx(context, seam, listener, observer);
        try {
            Sigchld.enter();
            try {
                ctx.allocate();
            } catch (RuntimeException | Error e) {
                Sigchld.leave();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            LibxlLog.close(ctx.user);
            throw e;
        }
        return ctx;
    }

    private void allocate() {
        // Never NULL: libxl 4.17 runs into it as soon as it has something to log.
        logger = seam.createLogger(NativeCallbacks.LOG_LINE, user, LibxlLog.lowestLevel());
        if (logger == 0) {
            throw new OutOfMemoryError("no memory for a logger");
        }
        LongByReference out = new LongByReference();
        int rc = LibxlFunctions.libxl_ctx_alloc(
                Pointer.nativeValue(out.getPointer()), LibxlFunctions.VERSION, 0, logger);
        if (rc != 0) {
            seam.destroyLogger(logger);
            String reason = log.lastError().isEmpty() ? "" : " (" + log.lastError() + ")";
            throw new LibxlException("libxl_ctx_alloc", rc, "is this a dom0 of Xen, and does xenstored run?" + reason);
        }
        address = out.getValue();
        callIns.allocated(address);
        NativeCallbacks.put(user, this);
        NativeCallbacks.install(address, user);
        LibxlCounters.CONTEXTS.increment();
    }

    // ---- questions --------------------------------------------------------------------------------------------------

    /**
     * The domains of this host.
     *
     * @return {@code libxl_dominfo} of each as JSON
     */
    public List<String> listDomains() {
        long ctx = begin("libxl_list_domain");
        IntByReference count = new IntByReference();
        long list = LibxlFunctions.libxl_list_domain(ctx, Pointer.nativeValue(count.getPointer()));
        if (list == 0) {
            throw new LibxlException("libxl_list_domain", LibxlException.FAIL, log.lastError());
        }
        try {
            List<String> domains = new ArrayList<>();
            for (int i = 0; i < count.getValue(); i++) {
                domains.add(IdlType.DOMINFO.toJson(ctx, list + (long) i * IdlType.DOMINFO.size()));
            }
            return domains;
        } finally {
            LibxlFunctions.libxl_dominfo_list_free(list, count.getValue());
        }
    }

    /**
     * What the hypervisor knows of a domain.
     *
     * @param domid the domain
     * @return {@code libxl_dominfo} as JSON
     */
    public String domainInfo(int domid) {
        long ctx = begin("libxl_domain_info");
        try (IdlType.Block info = IdlType.DOMINFO.allocate()) {
            check("libxl_domain_info", LibxlFunctions.libxl_domain_info(ctx, info.address(), domid));
            return info.toJson(ctx);
        }
    }

    /**
     * A domain's name, from xenstore.
     *
     * @param domid the domain
     * @return null if it has none, or if xenstored does not answer: libxl does not say which
     */
    public String domainName(int domid) {
        long ctx = begin("libxl_domid_to_name");
        return IdlType.takeString(LibxlFunctions.libxl_domid_to_name(ctx, domid));
    }

    /**
     * The host's memory and processors.
     *
     * @return {@code libxl_physinfo} as JSON
     */
    public String physicalInfo() {
        long ctx = begin("libxl_get_physinfo");
        try (IdlType.Block info = IdlType.PHYSINFO.allocate()) {
            check("libxl_get_physinfo", LibxlFunctions.libxl_get_physinfo(ctx, info.address()));
            return info.toJson(ctx);
        }
    }

    /**
     * Where a domain's primary console is.
     *
     * @param domid the domain
     * @return the path of a terminal
     */
    public String consoleTerminal(int domid) {
        long ctx = begin("libxl_primary_console_get_tty");
        try (Memory path = new Memory(Long.BYTES)) {
            path.clear();
            int rc = LibxlFunctions.libxl_primary_console_get_tty(ctx, domid, Pointer.nativeValue(path));
            check("libxl_primary_console_get_tty", rc);
            return IdlType.takeString(path.getLong(0));
        }
    }

    // ---- operations -------------------------------------------------------------------------------------------------

    /**
     * Begins an operation.
     *
     * @param call the operation
     * @param listener hears of its end, perhaps before this has returned
     * @param <T> what it results in
     * @return the operation
     * @throws LibxlException if libxl refuses to begin; the listener does not hear of it
     */
    public <T> Operation begin(LibxlCall<T> call, Operation.Listener<T> listener) {
        return Operation.begin(this, begin(call.function()), call, listener);
    }

    /**
     * Runs an operation to its end, however long that takes. It holds the thread, and needs the event loop all the same.
     *
     * @param call the operation
     * @param <T> what it results in
     * @return its result
     */
    public <T> T run(LibxlCall<T> call) {
        long ctx = begin(call.function());
        LibxlCall.Prepared<T> prepared = call.prepare(ctx);
        try {
            blocking.add(call);
            // Aborted between its beginning and here, it is not yet among what libxl could find
            check(call.function(), aborting ? LibxlException.ABORTED : 0);
            check(call.function(), prepared.call(ctx, 0));
            return prepared.result(ctx);
        } finally {
            blocking.remove(call);
            if (aborting) {
                abortBlocking();
            }
            prepared.release();
        }
    }

    /** A how of NULL means one that blocks; of several, libxl finds the first, so each that ends aborts the next. */
    private void abortBlocking() {
        if (!blocking.isEmpty() && blocking.stream().allMatch(LibxlCall::isAbortable)) {
            LibxlFunctions.libxl_ao_abort(callIns.check("libxl_ao_abort"), 0);
        }
    }

    /**
     * Asks libxl to cut short what is going on.
     *
     * @return completes when no operation is open any more, on the thread that made the last callback
     */
    public CompletionStage<Void> abortOperations() {
        for (Operation operation : operations) {
            operation.abort();
        }
        aborting = true;
        abortBlocking();
        synchronized (this) {
            if (operations.isEmpty()) {
                return CompletableFuture.completedStage(null);
            }
            if (noOperations == null) {
                noOperations = new CompletableFuture<>();
            }
            return noOperations.minimalCompletionStage();
        }
    }

    // ---- events -----------------------------------------------------------------------------------------------------

    /**
     * Lets libxl tell when a domain has shut down, and when it has gone.
     *
     * @param domid the domain
     * @param forUser comes back with each event
     * @return the generator
     */
    public EventGenerator enableDomainDeath(int domid, long forUser) {
        long ctx = begin("libxl_evenable_domain_death");
        LongByReference out = new LongByReference();
        check(
                "libxl_evenable_domain_death",
                LibxlFunctions.libxl_evenable_domain_death(ctx, domid, forUser, Pointer.nativeValue(out.getPointer())));
        return enabled(out, LibxlFunctions::libxl_evdisable_domain_death);
    }

    /**
     * Lets libxl tell when the guest ejects a medium.
     *
     * @param domid the domain
     * @param vdev the drive, such as {@code "hdc"}; libxl copies it
     * @param forUser comes back with each event
     * @return the generator
     */
    public EventGenerator enableDiskEject(int domid, String vdev, long forUser) {
        long ctx = begin("libxl_evenable_disk_eject");
        LongByReference out = new LongByReference();
        check(
                "libxl_evenable_disk_eject",
                LibxlFunctions.libxl_evenable_disk_eject(
                        ctx, domid, vdev, forUser, Pointer.nativeValue(out.getPointer())));
        return enabled(out, LibxlFunctions::libxl_evdisable_disk_eject);
    }

    private EventGenerator enabled(LongByReference out, EventGenerator.Disable disable) {
        EventGenerator generator = new EventGenerator(this, out.getValue(), disable);
        generators.add(generator);
        return generator;
    }

    /** Disables every event generator. */
    public void disableEvents() {
        generators.forEach(EventGenerator::disable);
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /**
     * Frees the context. No operation, child or call may be left, or libxl asserts; the hooks are still called.
     */
    public void free() {
        long ctx = callIns.check("libxl_ctx_free");
        LibxlFunctions.libxl_ctx_free(ctx);
        callIns.freed();
        Sigchld.leave();
        NativeCallbacks.remove(user);
        LibxlLog.close(user);
        seam.destroyLogger(logger);
        LibxlCounters.FREED.increment();
    }

    @Override
    public String toString() {
        return context.toString();
    }

    // ---- for callbacks ----------------------------------------------------------------------------------------------

    OseventHooks hooks() {
        return hooks;
    }

    HookObserver observer() {
        return observer;
    }

    String lastError() {
        return log.lastError();
    }

    /** The context's address, if it may be called now. */
    long check(String function) {
        return callIns.check(function);
    }

    void opened(Operation operation) {
        operations.add(operation);
    }

    void closed(Operation operation) {
        CompletableFuture<Void> waiting = null;
        synchronized (this) {
            operations.remove(operation);
            if (operations.isEmpty()) {
                waiting = noOperations;
                noOperations = null;
            }
        }
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    void disabled(EventGenerator generator) {
        generators.remove(generator);
    }

    /** {@code event_occurs}: the event is ours to free. */
    void eventOccurs(long event) {
        try {
            LibxlCounters.EVENTS.increment();
            RawEvent raw;
            try {
                raw = new RawEvent(IdlType.EVENT.toJson(address, event));
            } finally {
                LibxlFunctions.libxl_event_free(address, event);
            }
            observer.eventOccurred(raw);
            listener.eventOccurred(raw);
        } catch (Throwable failure) {
            failed("callback of an event", failure);
        }
    }

    void disaster(int type, long message, int errno) {
        try {
            String what = message == 0 ? "" : new Pointer(message).getString(0, StandardCharsets.UTF_8.name());
            String events = type == 0 ? "events" : "events of type " + type;
            listener.disaster("libxl is in trouble, " + events + " may be missing: " + what + " (errno " + errno + ")");
        } catch (Throwable failure) {
            failed("callback of a disaster", failure);
        }
    }

    void failed(String what, Throwable failure) {
        try {
            LOG.log(System.Logger.Level.ERROR, () -> context + ": " + what + " failed", failure);
        } catch (Throwable nested) {
            // Nothing may reach C, and there is nobody left to tell
            return;
        }
    }

    private long begin(String function) {
        long ctx = callIns.check(function);
        log.forget();
        return ctx;
    }

    private void check(String function, int rc) {
        if (rc != 0) {
            throw new LibxlException(function, rc, log.lastError());
        }
    }
}
