package io.osevent.libvirt;

import com.sun.jna.Callback;
import io.osevent.shim.SeamKind;
import io.osevent.shim.internal.FunctionPointers;

/**
 * The hooks as C functions, callable for the life of the process. Pointers are {@code long}s, which JNA passes as they
 * are.
 *
 * @param addHandle address of a {@code virEventAddHandleFunc}
 * @param updateHandle address of a {@code virEventUpdateHandleFunc}
 * @param removeHandle address of a {@code virEventRemoveHandleFunc}
 * @param addTimeout address of a {@code virEventAddTimeoutFunc}
 * @param updateTimeout address of a {@code virEventUpdateTimeoutFunc}
 * @param removeTimeout address of a {@code virEventRemoveTimeoutFunc}
 */
record HookPointers(
        long addHandle, long updateHandle, long removeHandle, long addTimeout, long updateTimeout, long removeTimeout) {
    interface AddHandle extends Callback {
        int invoke(int fd, int events, long callback, long opaque, long ff);
    }

    interface AddTimeout extends Callback {
        int invoke(int periodMillis, long callback, long opaque, long ff);
    }

    interface Update extends Callback {
        void invoke(int id, int value);
    }

    interface Remove extends Callback {
        int invoke(int id);
    }

    /** Functions of the shim where that is used: JNA's callbacks cost a few hundred nanoseconds more. */
    static HookPointers to(VirEventHooks hooks, SeamKind seam) {
        return seam == SeamKind.SHIM ? ShimHooks.to(hooks) : callbacks(hooks);
    }

    private static HookPointers callbacks(VirEventHooks hooks) {
        return new HookPointers(
                FunctionPointers.forever((AddHandle) hooks::addHandle),
                FunctionPointers.forever((Update) hooks::updateHandle),
                FunctionPointers.forever((Remove) hooks::removeHandle),
                FunctionPointers.forever((AddTimeout) hooks::addTimeout),
                FunctionPointers.forever((Update) hooks::updateTimeout),
                FunctionPointers.forever((Remove) hooks::removeTimeout));
    }
}
