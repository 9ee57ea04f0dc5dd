package io.osevent.vertx.libvirt;

import com.sun.jna.Callback;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/** virStreamEventCallback: one for the life of the process, consoles told apart by the opaque value. */
final class ConsoleCallback {

    /** The C signature. */
    interface Ready extends Callback {
        void ready(long stream, int events, long opaque);
    }

    private static final Logger LOG = System.getLogger(ConsoleCallback.class.getName());
    private static final AtomicLong KEYS = new AtomicLong();
    private static final Map<Long, IntConsumer> SINKS = new ConcurrentHashMap<>();

    static final Ready CALLBACK = (stream, events, opaque) -> {
        IntConsumer sink = SINKS.get(opaque);
        if (sink == null) {
            return;
        }
        try {
            sink.accept(events);
        } catch (RuntimeException | Error e) {
            // An exception must not travel into C.
            LOG.log(Level.ERROR, "A console could not be served", e);
        }
    };

    private ConsoleCallback() {}

    static long open(IntConsumer sink) {
        long key = KEYS.incrementAndGet();
        SINKS.put(key, sink);
        return key;
    }

    static void close(long key) {
        SINKS.remove(key);
    }
}
