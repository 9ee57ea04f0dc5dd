package io.osevent.libvirt;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.CallScope;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.CTargets;
import io.osevent.shim.CThread;
import io.osevent.shim.NativeFds;
import io.osevent.shim.Seam;
import io.osevent.shim.VirtualTimePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Plays libvirt: calls the hooks through their C function pointers, and is called back through C function pointers. Turns
 * are run by the test, on virtual time.
 */
final class HooksRig implements AutoCloseable {
    /** What the library does when it is called. */
    interface HandleAction {
        void called(int watch, int fd, int events);
    }

    interface TimerAction {
        void called(int timer);
    }

    /** Every call of the library's functions, in order. */
    final List<String> calls = new ArrayList<>();

    final VirtualTimePort port;
    final EventSet set;
    final VirEventHooks hooks;
    private final HookPointers pointers;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<Integer> opened = new ArrayList<>();

    HooksRig(Seam seam) {
        this(seam, 0);
    }

    HooksRig(Seam seam, int lastId) {
        port = new VirtualTimePort(seam);
        set = EventSet.open(port, TurnLimits.DEFAULT, BridgeMetrics.NONE);
        hooks = new VirEventHooks(
                seam, set, NativeContext.permanent(set, "libvirt"), new IdTable<>(lastId), new IdTable<>(lastId));
        pointers = HookPointers.to(hooks, seam.kind());
    }

    // ---- the hooks, as C sees them ----

    int addHandle(int fd, int events, long callback, long opaque, long ff) {
        return call(pointers.addHandle(), fd, events, callback, opaque, ff);
    }

    /** A handle whose callback and ff are recorded under its name. */
    int addHandle(String name, int fd, int events) {
        return addHandle(name, fd, events, (w, f, e) -> {});
    }

    int addHandle(String name, int fd, int events, HandleAction action) {
        long callback = CTargets.pointer((CTargets.Handle) (watch, f, e, opaque) -> {
            record(name + " " + e);
            guarded(() -> action.called(watch, f, e));
        });
        return addHandle(fd, events, callback, 1, ff(name));
    }

    long removeHandleOnAThreadOfC(int watch) {
        return CThread.run(pointers.removeHandle(), watch);
    }

    void updateHandle(int watch, int events) {
        Function.getFunction(new Pointer(pointers.updateHandle())).invokeVoid(new Object[] {watch, events});
    }

    int removeHandle(int watch) {
        return call(pointers.removeHandle(), watch);
    }

    int addTimeout(int millis, long callback, long opaque, long ff) {
        return call(pointers.addTimeout(), millis, callback, opaque, ff);
    }

    int addTimeout(String name, int millis) {
        return addTimeout(name, millis, timer -> {});
    }

    int addTimeout(String name, int millis, TimerAction action) {
        long callback = CTargets.pointer((CTargets.Timeout) (timer, opaque) -> {
            record(name);
            guarded(() -> action.called(timer));
        });
        return addTimeout(millis, callback, 1, ff(name));
    }

    void updateTimeout(int timer, int millis) {
        Function.getFunction(new Pointer(pointers.updateTimeout())).invokeVoid(new Object[] {timer, millis});
    }

    int removeTimeout(int timer) {
        return call(pointers.removeTimeout(), timer);
    }

    long ff(String name) {
        return ff(name, () -> {});
    }

    long ff(String name, Runnable action) {
        return CTargets.pointer((CTargets.Free) opaque -> {
            record("ff " + name);
            guarded(action);
        });
    }

    /** JNA swallows what a callback throws; a failed assertion in there must still fail the test. */
    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) {
            failures.add(failure);
        }
    }

    void record(String call) {
        synchronized (calls) {
            calls.add(call);
        }
    }

    private static int call(long function, Object... arguments) {
        return Function.getFunction(new Pointer(function)).invokeInt(arguments);
    }

    // ---- the loop ----

    /** Runs one turn; returns what was called in it. */
    List<String> turn() {
        synchronized (calls) {
            calls.clear();
        }
        set.turn().run(CallScope.PLAIN);
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    // ---- files ----

    int readable() {
        return opened(NativeFds.event(1));
    }

    int silent() {
        return opened(NativeFds.event(0));
    }

    int opened(int fd) {
        opened.add(fd);
        return fd;
    }

    void shut(int fd) {
        opened.remove((Integer) fd);
        NativeFds.shut(fd);
    }

    @Override
    public void close() {
        set.close();
        opened.forEach(NativeFds::shut);
        if (!failures.isEmpty()) {
            throw new AssertionError("in a callback: " + failures.peek(), failures.peek());
        }
    }
}
