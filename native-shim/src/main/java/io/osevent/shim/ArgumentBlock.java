package io.osevent.shim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Native memory for the arguments of one call at a time; each thread has one, so that no call allocates.
 *
 * <p>Calls may nest all the same: {@code ffi_call} and the kernel have read every argument before foreign code that
 * could call back runs, and none of the functions that can call back returns a value.
 */
final class ArgumentBlock {
    /** How many arguments fit. */
    static final int CAPACITY = 6;

    private static final int SLOT = 8;
    private static final int VALUES = CAPACITY * SLOT;
    private static final int RESULT = 2 * VALUES;
    private static final int EVENT = RESULT + 2 * SLOT;
    private static final int TIMER_SPEC = EVENT + 2 * SLOT;
    private static final int SIZE = TIMER_SPEC + 4 * SLOT;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private static final ThreadLocal<ArgumentBlock> OF_THREAD = ThreadLocal.withInitial(ArgumentBlock::new);

    private final ByteBuffer memory = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder());
    private final long address = DirectMemory.address(memory);

    private ArgumentBlock() {
        for (int i = 0; i < CAPACITY; i++) {
            memory.putLong(i * SLOT, address + VALUES + i * SLOT);
        }
    }

    static ArgumentBlock ofThread() {
        return OF_THREAD.get();
    }

    /** The array of pointers to the arguments: the slots in their order, whatever the signature. */
    long arguments() {
        return address;
    }

    long resultAddress() {
        return address + RESULT;
    }

    /** What an integer function returned: libffi widens it to a register. */
    int result() {
        return (int) memory.getLong(RESULT);
    }

    ArgumentBlock shortAt(int index, int value) {
        memory.putShort(VALUES + index * SLOT, (short) value);
        return this;
    }

    ArgumentBlock intAt(int index, int value) {
        memory.putInt(VALUES + index * SLOT, value);
        return this;
    }

    ArgumentBlock pointerAt(int index, long value) {
        memory.putLong(VALUES + index * SLOT, value);
        return this;
    }

    /** A {@code struct epoll_event}. */
    long event(int events, int tagOffset, long tag) {
        memory.putInt(EVENT, events);
        memory.putLong(EVENT + tagOffset, tag);
        return address + EVENT;
    }

    /** A {@code struct itimerspec} that fires once. */
    long timerSpec(long delayNanos) {
        memory.putLong(TIMER_SPEC + 2 * SLOT, delayNanos / NANOS_PER_SECOND);
        memory.putLong(TIMER_SPEC + 3 * SLOT, delayNanos % NANOS_PER_SECOND);
        return address + TIMER_SPEC;
    }
}
