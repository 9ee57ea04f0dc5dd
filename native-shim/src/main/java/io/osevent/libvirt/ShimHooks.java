package io.osevent.libvirt;

/**
 * The hooks as C functions of the shim ({@code hooks.c}), which call the methods below through JNI. libvirt gives its hooks
 * no pointer of the user's, so there is one set of them for the process.
 */
final class ShimHooks {
    private static volatile VirEventHooks hooks;

    private ShimHooks() {}

    /** Makes the C functions lead to these hooks, from now on; those of an earlier call do so as well. */
    static HookPointers to(VirEventHooks target) {
        hooks = target;
        if (!bind()) {
            throw new IllegalStateException("the shim could not bind libvirt's hooks: no thread-specific key is left");
        }
        return new HookPointers(address(0), address(1), address(2), address(3), address(4), address(5));
    }

    private static native boolean bind();

    /** A hook's address, in the order of {@link HookPointers}. */
    private static native long address(int hook);

    // ---- called by hooks.c, by name ---------------------------------------------------------------------------------

    private static int addHandle(int fd, int events, long callback, long opaque, long ff) {
        return hooks.addHandle(fd, events, callback, opaque, ff);
    }

    private static void updateHandle(int watch, int events) {
        hooks.updateHandle(watch, events);
    }

    private static int removeHandle(int watch) {
        return hooks.removeHandle(watch);
    }

    private static int addTimeout(int periodMillis, long callback, long opaque, long ff) {
        return hooks.addTimeout(periodMillis, callback, opaque, ff);
    }

    private static void updateTimeout(int id, int periodMillis) {
        hooks.updateTimeout(id, periodMillis);
    }

    private static int removeTimeout(int id) {
        return hooks.removeTimeout(id);
    }
}
