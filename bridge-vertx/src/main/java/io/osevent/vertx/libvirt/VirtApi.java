package io.osevent.vertx.libvirt;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The few entry points of libvirt that this package calls on its own, with pointers as longs: event registration
 * (libvirt-java can add a reboot listener, but not remove it), names and states without a finalizer per event, and
 * consoles, which libvirt-java lacks.
 */
final class VirtApi {

    static final int CONSOLE_FORCE = 1;
    static final int STREAM_NONBLOCK = 1;
    static final int STREAM_READABLE = 1;
    static final int STREAM_WRITABLE = 2;
    static final int STREAM_ERROR = 4;
    static final int STREAM_HANGUP = 8;
    static final int WOULD_BLOCK = -2;
    private static final int UUID_LENGTH = 16;

    static {
        Native.register(VirtApi.class, "virt");
    }

    private VirtApi() {}

    static native int virConnectDomainEventRegisterAny(
            long conn, long domain, int eventId, Callback callback, long opaque, long free);

    static native int virConnectDomainEventDeregisterAny(long conn, int callbackId);

    static native int virConnectRegisterCloseCallback(long conn, Callback callback, long opaque, long free);

    static native int virConnectUnregisterCloseCallback(long conn, Callback callback);

    static native long virDomainLookupByName(long conn, String name);

    static native long virDomainLookupByUUIDString(long conn, String uuid);

    static native long virDomainGetName(long domain);

    static native int virDomainGetUUID(long domain, byte[] uuid);

    static native int virDomainGetState(long domain, IntByReference state, IntByReference reason, int flags);

    static native int virDomainIsPersistent(long domain);

    static native int virDomainCreate(long domain);

    static native int virDomainShutdown(long domain);

    static native int virDomainDestroy(long domain);

    static native int virDomainSuspend(long domain);

    static native int virDomainResume(long domain);

    static native int virDomainReboot(long domain, int flags);

    static native int virDomainFree(long domain);

    static native int virDomainOpenConsole(long domain, String device, long stream, int flags);

    static native long virStreamNew(long conn, int flags);

    static native int virStreamRecv(long stream, byte[] data, long length);

    static native int virStreamSend(long stream, byte[] data, long length);

    static native int virStreamEventAddCallback(long stream, int events, Callback callback, long opaque, long free);

    static native int virStreamEventUpdateCallback(long stream, int events);

    static native int virStreamEventRemoveCallback(long stream);

    static native int virStreamAbort(long stream);

    static native int virStreamFree(long stream);

    /** The name of a domain, read from its handle. JNA makes a {@code String} that is the call's own result more slowly. */
    static String nameOf(long domain) {
        long name = virDomainGetName(domain);
        return name == 0 ? "" : new Pointer(name).getString(0, StandardCharsets.UTF_8.name());
    }

    /** The UUID of a domain in its usual form, read from its handle; null if the handle is none. */
    static String uuidOf(long domain) {
        byte[] bytes = new byte[UUID_LENGTH];
        if (virDomainGetUUID(domain, bytes) < 0) {
            return null;
        }
        ByteBuffer uuid = ByteBuffer.wrap(bytes);
        return new UUID(uuid.getLong(), uuid.getLong()).toString();
    }
}
