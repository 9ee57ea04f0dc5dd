package io.osevent.shim.internal;

import com.sun.jna.Callback;
import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * C function pointers to Java callbacks that a foreign library keeps for good.
 *
 * <p>JNA frees a callback's code when the callback is collected, and the next call from C runs into freed memory; so
 * they are held here until the process ends. Threads that Java does not know are attached as daemons once and stay
 * attached until they end: attaching anew for each call costs twenty times the call.
 */
public final class FunctionPointers {
    private static final Collection<Callback> HELD = new ConcurrentLinkedQueue<>();
    private static final CallbackThreadInitializer STAY_ATTACHED =
            new CallbackThreadInitializer(true, false, "osevent");

    private FunctionPointers() {}

    /**
     * Makes a callback callable from C for the life of the process.
     *
     * @param callback a callback whose parameters are primitive; it must catch whatever it throws
     * @return address of the C function
     */
    public static long forever(Callback callback) {
        HELD.add(callback);
        // Ignored by JNA once the address was taken
        Native.setCallbackThreadInitializer(callback, STAY_ATTACHED);
        return Identity.memmove(callback, 0, 0);
    }

    /**
     * {@code CallbackReference.getFunctionPointer} would give a function that boxes its arguments into an array for each
     * call; only a directly mapped call takes the address of one that passes them as they are. {@code memmove} of
     * nothing returns its first argument.
     */
    private static final class Identity {
        static {
            Native.register(Identity.class, Platform.C_LIBRARY_NAME);
        }

        static native long memmove(Callback to, long from, long size);
    }
}
