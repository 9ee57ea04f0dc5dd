package io.osevent.shim;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.osevent.bridge.Harvest;
import java.nio.ByteBuffer;

/** Memory that Java reads and writes as a buffer, and C by its address. */
final class DirectMemory {
    private DirectMemory() {}

    static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    static Harvest newHarvest(int capacity, int eventSize, int tagOffset) {
        ByteBuffer events = ByteBuffer.allocateDirect(Math.multiplyExact(capacity, eventSize));
        return new Harvest(events, address(events), eventSize, tagOffset);
    }
}
