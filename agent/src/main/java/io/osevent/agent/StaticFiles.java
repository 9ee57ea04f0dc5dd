package io.osevent.agent;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The page and what belongs to it: a short, fixed list, read from the jar. */
final class StaticFiles {

    /** Nothing from elsewhere, no inline script: what a guest's name may hold is never run. xterm.js sets styles. */
    private static final String POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'";

    private static final String ROOT = "/io/osevent/agent/page/";

    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "agent.css", "text/css; charset=utf-8",
            "agent.js", "text/javascript; charset=utf-8",
            "charts.js", "text/javascript; charset=utf-8",
            "console.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml",
            "xterm.js", "text/javascript; charset=utf-8",
            "xterm.css", "text/css; charset=utf-8",
            "openapi.json", "application/json");

    private StaticFiles() {}

    static void mount(Router router) {
        router.get("/").handler(ctx -> send(ctx, "index.html"));
        router.get("/api/openapi.json").handler(ctx -> send(ctx, "openapi.json"));
        router.get("/page/:file").handler(ctx -> send(ctx, ctx.pathParam("file")));
    }

    private static void send(RoutingContext ctx, String name) {
        String type = TYPES.get(name);
        Buffer content = type == null ? null : read(name);
        if (content == null) {
            ctx.fail(404);
            return;
        }
        ctx.response()
                .putHeader("Content-Type", type)
                .putHeader("Cache-Control", "no-cache")
                .putHeader("Content-Security-Policy", POLICY)
                .end(content);
    }

    private static Buffer read(String name) {
        try (InputStream in = StaticFiles.class.getResourceAsStream(ROOT + name)) {
            return in == null ? null : Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
