package io.osevent.vertx.libvirt;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.ToIntFunction;

/** What waits to be typed into a console. Not thread-safe: the console's lock guards it. */
final class ConsoleOutbox {

    private record Item(byte[] data, Promise<Void> written) {}

    private final Deque<Item> items = new ArrayDeque<>();
    private int bytes;
    private int limit = 64 * 1024;

    Future<Void> add(Buffer data) {
        Promise<Void> written = Promise.promise();
        items.add(new Item(data.getBytes(), written));
        bytes += data.length();
        return written.future();
    }

    /** Sends until libvirt would block; false means that it failed. */
    boolean flush(ToIntFunction<byte[]> send) {
        while (!items.isEmpty()) {
            Item item = items.poll();
            int count = item.data().length == 0 ? 0 : send.applyAsInt(item.data());
            if (count == VirtApi.WOULD_BLOCK) {
                items.addFirst(item);
                return true;
            }
            if (count < 0) {
                items.addFirst(item);
                return false;
            }
            bytes -= count;
            if (count < item.data().length) {
                items.addFirst(new Item(Arrays.copyOfRange(item.data(), count, item.data().length), item.written()));
            } else {
                item.written().complete();
            }
        }
        return true;
    }

    void fail(Throwable cause) {
        items.forEach(item -> item.written().fail(cause));
        items.clear();
        bytes = 0;
    }

    void setLimit(int value) {
        limit = value;
    }

    boolean isFull() {
        return bytes >= limit;
    }

    boolean isEmpty() {
        return items.isEmpty();
    }
}
