package io.osevent.it.libvirt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects 16-bit machine code that runs at a fixed origin, with labels. Just enough of an assembler for a boot
 * sector, so that the tests need no assembler on the machine.
 */
final class RealModeCode {
    private enum Kind {
        ABSOLUTE,
        SHORT_JUMP,
        NEAR_JUMP
    }

    private record Fixup(int offset, Kind kind, String label) {}

    private final int origin;
    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Fixup> fixups = new ArrayList<>();

    /**
     * @param origin the address at which the code will run
     */
    RealModeCode(int origin) {
        this.origin = origin;
    }

    /** Defines {@code name} as the address of what comes next. */
    RealModeCode label(String name) {
        if (labels.put(name, code.size()) != null) {
            throw new IllegalStateException("label defined twice: " + name);
        }
        return this;
    }

    /**
     * Appends one instruction or its beginning.
     *
     * @param mnemonic the instruction for the reader; it is not assembled
     * @param bytes its encoding
     */
    RealModeCode op(String mnemonic, int... bytes) {
        for (int b : bytes) {
            if (b < 0 || b > 0xFF) {
                throw new IllegalArgumentException("not a byte in " + mnemonic + ": " + b);
            }
            code.write(b);
        }
        return this;
    }

    /** Appends an instruction that ends with the 16-bit address of {@code label}. */
    RealModeCode opAddress(String mnemonic, String label, int... bytes) {
        return op(mnemonic, bytes).fixup(Kind.ABSOLUTE, label, 2);
    }

    /** Appends an instruction that ends with an 8-bit distance to {@code label}. */
    RealModeCode jumpShort(String mnemonic, String label, int opcode) {
        return op(mnemonic, opcode).fixup(Kind.SHORT_JUMP, label, 1);
    }

    /** Appends an instruction that ends with a 16-bit distance to {@code label}. */
    RealModeCode jumpNear(String mnemonic, String label, int opcode) {
        return op(mnemonic, opcode).fixup(Kind.NEAR_JUMP, label, 2);
    }

    /** {@code mov dx, port; mov al, value; out dx, al}. */
    RealModeCode outByte(int port, int value) {
        return op("mov dx, port", 0xBA, port & 0xFF, port >> 8)
                .op("mov al, value", 0xB0, value)
                .op("out dx, al", 0xEE);
    }

    /** {@code mov dx, port; mov ax, value; out dx, ax}. */
    RealModeCode outWord(int port, int value) {
        return op("mov dx, port", 0xBA, port & 0xFF, port >> 8)
                .op("mov ax, value", 0xB8, value & 0xFF, value >> 8)
                .op("out dx, ax", 0xEF);
    }

    /** Appends ASCII text and a terminating 0. */
    RealModeCode text(String text) {
        code.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        code.write(0);
        return this;
    }

    /** The machine code with all labels resolved. */
    byte[] bytes() {
        byte[] bytes = code.toByteArray();
        for (Fixup fixup : fixups) {
            Integer target = labels.get(fixup.label);
            if (target == null) {
                throw new IllegalStateException("label not defined: " + fixup.label);
            }
            switch (fixup.kind) {
                case ABSOLUTE -> putWord(bytes, fixup.offset, origin + target);
                case NEAR_JUMP -> putWord(bytes, fixup.offset, target - (fixup.offset + 2));
                case SHORT_JUMP -> {
                    int distance = target - (fixup.offset + 1);
                    if (distance != (byte) distance) {
                        throw new IllegalStateException("too far for a short jump: " + fixup.label);
                    }
                    bytes[fixup.offset] = (byte) distance;
                }
                default -> throw new AssertionError(fixup.kind);
            }
        }
        return bytes;
    }

    private RealModeCode fixup(Kind kind, String label, int size) {
        fixups.add(new Fixup(code.size(), kind, label));
        for (int i = 0; i < size; i++) {
            code.write(0);
        }
        return this;
    }

    private static void putWord(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) value;
        bytes[offset + 1] = (byte) (value >> 8);
    }
}
