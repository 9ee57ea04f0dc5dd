package io.osevent.shim;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * A C function's type, prepared once for {@code ffi_call}. Kept for the life of the process.
 *
 * <p>JNA exports libffi's two calls but not its type descriptions, so they are laid out here: {@code struct ffi_type} is
 * {@code size_t size; unsigned short alignment, type; ffi_type **elements}.
 */
final class Signature {
    /** The types that occur; the numbers are {@code FFI_TYPE_*} of {@code ffi.h}. */
    enum Type {
        VOID(1, 0),
        SHORT(2, 8),
        INT(4, 10),
        POINTER(8, 14);

        private final long address;

        Type(int size, int number) {
            address = Native.malloc(24);
            Pointer type = new Pointer(address);
            type.setLong(0, size);
            type.setShort(8, (short) size);
            type.setShort(10, (short) number);
            type.setLong(16, 0);
        }
    }

    private static final int DEFAULT_ABI = 0;

    private final long prepared;

    private Signature(long prepared) {
        this.prepared = prepared;
    }

    /** The type of a function that returns nothing. */
    static Signature of(Type... arguments) {
        return returning(Type.VOID, arguments);
    }

    /** The type of a function that returns something. */
    static Signature returning(Type result, Type... arguments) {
        if (arguments.length > ArgumentBlock.CAPACITY) {
            throw new IllegalArgumentException("More than " + ArgumentBlock.CAPACITY + " arguments");
        }
        long types = Native.malloc(Math.max(1, arguments.length) * 8L);
        for (int i = 0; i < arguments.length; i++) {
            new Pointer(types).setLong(i * 8L, arguments[i].address);
        }
        return new Signature(Native.ffi_prep_cif(DEFAULT_ABI, arguments.length, result.address, types));
    }

    /** Calls the function with the block's arguments. */
    void call(long function, ArgumentBlock block) {
        Native.ffi_call(prepared, function, block.resultAddress(), block.arguments());
    }

    /** Calls a function that returns an int, and that cannot call back. */
    int callInt(long function, ArgumentBlock block) {
        call(function, block);
        return block.result();
    }
}
