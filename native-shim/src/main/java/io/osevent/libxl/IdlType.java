package io.osevent.libxl;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/**
 * A structure of libxl's interface, by the functions that libxl generates for every one of them: {@code _init},
 * {@code _dispose}, {@code _from_json} and {@code _to_json}. Its layout changes with every release of Xen and need not be
 * known.
 */
enum IdlType {
    DOMAIN_CONFIG("libxl_domain_config"),
    DOMINFO("libxl_dominfo"),
    PHYSINFO("libxl_physinfo"),
    DEVICE_DISK("libxl_device_disk"),
    DEVICE_NIC("libxl_device_nic"),
    EVENT("libxl_event");

    private final String prefix;
    private int size;

    IdlType(String prefix) {
        this.prefix = prefix;
    }

    /** Its size in bytes, measured once. */
    synchronized int size() {
        if (size == 0) {
            size = ExtentProbe.measure(prefix, this::init);
        }
        return size;
    }

    private void init(long address) {
        function("_init").invokeVoid(new Object[] {address});
    }

    /** A fresh structure, which holds what {@code _init} leaves. */
    Block allocate() {
        return new Block();
    }

    /** A structure that libxl has made, as JSON. */
    String toJson(long ctx, long address) {
        Object text = function("_to_json").invoke(Long.class, new Object[] {ctx, address});
        String json = takeString((Long) text);
        if (json == null) {
            throw new LibxlException(prefix + "_to_json", LibxlException.NOMEM, "");
        }
        return json;
    }

    /** A string that C has allocated for us; null for NULL. */
    static String takeString(long address) {
        if (address == 0) {
            return null;
        }
        String text = new Pointer(address).getString(0, StandardCharsets.UTF_8.name());
        Native.free(address);
        return text;
    }

    private Function function(String suffix) {
        NativeLibrary library = Libxl.load();
        return library.getFunction(prefix + suffix);
    }

    /** One structure in native memory; to be closed when libxl does not need it any more. */
    final class Block implements AutoCloseable {
        private long address;

        Block() {
            address = Native.malloc(size());
            if (address == 0) {
                throw new OutOfMemoryError("malloc of " + size() + " bytes");
            }
            init(address);
        }

        long address() {
            return address;
        }

        /** Fills the structure; what the JSON does not name stays as {@code _init} left it. */
        Block fill(long ctx, String json) {
            int rc = (Integer)
                    function("_from_json").invoke(Integer.class, new Object[] {ctx, address, NativeText.of(json)});
            if (rc != 0) {
                close();
                throw new LibxlException(prefix + "_from_json", rc, "not what libxl understands: " + json);
            }
            return this;
        }

        String toJson(long ctx) {
            return IdlType.this.toJson(ctx, address);
        }

        @Override
        public void close() {
            if (address != 0) {
                function("_dispose").invokeVoid(new Object[] {address});
                Native.free(address);
                address = 0;
            }
        }
    }
}
