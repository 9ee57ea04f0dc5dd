package io.osevent.bench;

import io.vertx.core.Vertx;

/** The least that a Vert.x process with an HTTP server does: what the agent's start is compared with. */
public final class BareServer {
    private BareServer() {}

    /**
     * Answers every request with 200.
     *
     * @param arguments the port
     */
    public static void main(String[] arguments) {
        Vertx.vertx()
                .createHttpServer()
                .requestHandler(request -> request.response().end("up"))
                .listen(Integer.parseInt(arguments[0]), "127.0.0.1");
    }
}
