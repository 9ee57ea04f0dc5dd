package io.osevent.vertx.libvirt;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;

/** A guest's console, bytes both ways, with back-pressure; wherever the guest is. */
public interface ConsoleStream extends ReadStream<Buffer>, WriteStream<Buffer> {

    @Override
    ConsoleStream exceptionHandler(Handler<Throwable> handler);

    /**
     * Closes the console.
     *
     * @return completes when nothing of it is left
     */
    Future<Void> close();
}
