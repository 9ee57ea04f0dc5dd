package io.osevent.bridge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What one {@link NativePort#await} found: an array of {@code struct epoll_event}. One thread at a time.
 *
 * <p>The structure is packed on x86-64 (12 bytes) and padded elsewhere (16 bytes), so the port that makes a harvest says
 * where the fields are.
 */
public final class Harvest {
    private final ByteBuffer events;
    private final long address;
    private final int stride;
    private final int tagOffset;

    /**
     * Lays a harvest over memory of the port.
     *
     * @param events the array's memory
     * @param stride size of one {@code struct epoll_event} in bytes
     * @param tagOffset offset of its {@code data.u64} in bytes
     */
    public Harvest(ByteBuffer events, int stride, int tagOffset) {
        this(events, 0, stride, tagOffset);
    }

    /**
     * Lays a harvest over memory that the kernel writes to.
     *
     * @param events the array's memory, direct
     * @param address where that memory is
     * @param stride size of one {@code struct epoll_event} in bytes
     * @param tagOffset offset of its {@code data.u64} in bytes
     */
    public Harvest(ByteBuffer events, long address, int stride, int tagOffset) {
        this.address = address;
        this.events = events.order(ByteOrder.nativeOrder());
        this.stride = stride;
        this.tagOffset = tagOffset;
    }

    /**
     * How many events fit.
     *
     * @return 1 or more
     */
    public int capacity() {
        return events.capacity() / stride;
    }

    /**
     * Where the memory is; asked once, because to ask a buffer costs a native call.
     *
     * @return the address, or 0 if the kernel does not write to this harvest
     */
    public long address() {
        return address;
    }

    /**
     * The memory that the port writes to.
     *
     * @return the buffer, in native byte order
     */
    public ByteBuffer memory() {
        return events;
    }

    /**
     * The reported events of one entry.
     *
     * @param index 0 to the last wait's result - 1
     * @return bits of {@link Interest}
     */
    public int events(int index) {
        return events.getInt(index * stride);
    }

    /**
     * The tag that the entry was added with.
     *
     * @param index 0 to the last wait's result - 1
     * @return the tag
     */
    public long tag(int index) {
        return events.getLong(index * stride + tagOffset);
    }

    /**
     * Writes one event; for ports that do not let the kernel write.
     *
     * @param index 0 to {@link #capacity()} - 1
     * @param events bits of {@link Interest}
     * @param tag the entry's tag
     */
    public void put(int index, int events, long tag) {
        this.events.putInt(index * stride, events);
        this.events.putLong(index * stride + tagOffset, tag);
    }
}
