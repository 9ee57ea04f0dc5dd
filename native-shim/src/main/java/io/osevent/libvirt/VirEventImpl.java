package io.osevent.libvirt;

import com.sun.jna.Callback;
import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.Seam;
import io.osevent.shim.internal.FunctionPointers;
import java.util.Optional;

/**
 * This process's implementation of libvirt's event loop: one event set behind the hooks of {@code virEventRegisterImpl}.
 *
 * <p>libvirt takes one implementation per process, before the first connection is opened, and never gives it back. So
 * there is one of these, and its set is never closed; hosts come and go and lease the set.
 */
public final class VirEventImpl {
    private interface Nothing extends Callback {
        void invoke(int timer, long opaque);
    }

    private static VirEventImpl instance;
    private static boolean refused;

    private final Seam seam;
    private final EventSet set;
    private final NativeContext context;

    private VirEventImpl(Seam seam, EventSet set, NativeContext context) {
        this.seam = seam;
        this.set = set;
        this.context = context;
    }

    /**
     * Whether libvirt's client library is on this machine; loads it.
     *
     * @return true if it is
     */
    public static boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /**
     * Why libvirt's client library cannot be used.
     *
     * @return what prevents it, with one clear line as its message, or null if nothing does
     */
    public static Throwable unavailabilityCause() {
        try {
            LibvirtLibrary.load(LibvirtLibrary.NAME);
            return null;
        } catch (UnsupportedOperationException e) {
            return e;
        }
    }

    /**
     * The implementation, if libvirt has it.
     *
     * @return empty before the first {@link #register} that succeeded
     */
    public static synchronized Optional<VirEventImpl> registered() {
        return Optional.ofNullable(instance);
    }

    /**
     * Registers the implementation with libvirt. A later call returns the one that is registered, and its arguments count
     * for nothing.
     *
     * @param seam calls the kernel and libvirt's callbacks
     * @param limits how much one turn does
     * @param metrics who hears of the set's work
     * @return the implementation, whose set is watched by nobody yet
     * @throws UnsupportedOperationException if libvirt is not there
     * @throws IllegalStateException if another implementation was registered first
     * @throws io.osevent.bridge.NativeErrorException if the process has no file descriptors left
     */
    public static synchronized VirEventImpl register(Seam seam, TurnLimits limits, BridgeMetrics metrics) {
        if (instance == null && !refused) {
            LibvirtLibrary.load(LibvirtLibrary.NAME);
            EventSet set = EventSet.open(seam, limits, metrics);
            NativeContext context = NativeContext.permanent(set, "libvirt");
            VirEventHooks hooks = new VirEventHooks(seam, set, context, new IdTable<>(), new IdTable<>());
            tell(HookPointers.to(hooks, seam.kind()));
            if (reaches(hooks)) {
                instance = new VirEventImpl(seam, set, context);
            } else {
                refused = true;
                set.close();
            }
        }
        if (refused) {
            throw new IllegalStateException("Another event implementation was registered with libvirt before this one,"
                    + " and libvirt keeps the first: install this one before any other, such as"
                    + " Library.initEventLoop() of libvirt-java, and before the first connection");
        }
        return instance;
    }

    private static void tell(HookPointers hooks) {
        LibvirtLibrary.virEventRegisterImpl(
                hooks.addHandle(),
                hooks.updateHandle(),
                hooks.removeHandle(),
                hooks.addTimeout(),
                hooks.updateTimeout(),
                hooks.removeTimeout());
    }

    /** libvirt does not say whether it took the hooks. A timer that never runs shows which ones it calls. */
    private static boolean reaches(VirEventHooks hooks) {
        int off = -1;
        int before = hooks.timersIssued();
        int timer =
                LibvirtLibrary.virEventAddTimeout(off, FunctionPointers.forever((Nothing) (id, opaque) -> {}), 0, 0);
        boolean reached = hooks.timersIssued() > before;
        if (timer >= 0) {
            LibvirtLibrary.virEventRemoveTimeout(timer);
        }
        return reached;
    }

    /**
     * What calls the kernel and libvirt's callbacks: that of the first {@link #register}.
     *
     * @return the seam
     */
    public Seam seam() {
        return seam;
    }

    /**
     * The set that libvirt's handles and timers are in; to be leased by a host, never to be closed.
     *
     * @return the set
     */
    public EventSet set() {
        return set;
    }

    /**
     * What libvirt's registrations belong to.
     *
     * @return a permanent context
     */
    public NativeContext context() {
        return context;
    }
}
