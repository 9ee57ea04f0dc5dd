package io.osevent.libxl;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;

/** Strings as C wants them, in memory that lives as long as somebody holds it. */
final class NativeText {
    private NativeText() {}

    static Memory of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
    }
}
