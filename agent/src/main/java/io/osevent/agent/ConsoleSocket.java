package io.osevent.agent;

import io.osevent.vertx.libvirt.ConsoleStream;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;

/** A guest's console on a web socket: bytes both ways, with back-pressure. */
final class ConsoleSocket {

    /** Private use; the last three digits are those of the HTTP status. */
    private static final int CLOSE_CODES = 4000;

    private static final int LONGEST_REASON = 120;

    /** Far less than the server's idle time-out. */
    private static final long PING_MILLIS = 15_000;

    private ConsoleSocket() {}

    static void serve(HttpServerRequest request, ServedHost host, String domain) {
        request.toWebSocket().onSuccess(socket -> {
            // Nothing may be lost between the upgrade and the console.
            socket.pause();
            host.openConsole(domain)
                    .onSuccess(console -> join(console, socket))
                    .onFailure(cause -> close(socket, cause));
        });
    }

    private static void join(ConsoleStream console, ServerWebSocket socket) {
        // A console may be silent for hours; a client that has vanished is noticed by this.
        Vertx vertx = Vertx.currentContext().owner();
        long ping = vertx.setPeriodic(PING_MILLIS, ignored -> socket.writePing(Buffer.buffer("osevent")));
        socket.closeHandler(ignored -> {
            vertx.cancelTimer(ping);
            console.close();
        });
        socket.exceptionHandler(ignored -> console.close());
        console.pipe()
                .endOnFailure(false)
                .to(socket)
                .onFailure(cause -> close(socket, cause))
                .onComplete(ignored -> console.close());
        socket.pipeTo(console);
    }

    private static void close(ServerWebSocket socket, Throwable cause) {
        Problem problem = Problem.of(cause);
        socket.close((short) (CLOSE_CODES + problem.status()), shortened(problem.detail()));
    }

    /** A close frame holds 123 bytes of reason at most. */
    private static String shortened(String text) {
        String ascii = new String(text.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
        return ascii.length() <= LONGEST_REASON ? ascii : ascii.substring(0, LONGEST_REASON);
    }
}
