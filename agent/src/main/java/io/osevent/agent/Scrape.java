package io.osevent.agent;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/** Makes the metrics when the agent is up or first asked for them, whichever is earlier. */
final class Scrape {

    private static final long WARM_UP_MILLIS = 2_000;

    private final Vertx vertx;
    private final Consumer<Metrics> fill;
    private Future<Metrics> made;

    Scrape(Vertx vertx, Consumer<Metrics> fill) {
        this.vertx = vertx;
        this.fill = fill;
    }

    void warmUp() {
        vertx.setTimer(WARM_UP_MILLIS, ignored -> metrics());
    }

    /** Fills in what came later; what is filled in twice is there once. */
    void add(Consumer<Metrics> more) {
        if (made != null) {
            made.onSuccess(more::accept);
        }
    }

    void serve(RoutingContext ctx) {
        metrics()
                .compose(metrics -> vertx.executeBlocking(metrics::scrape, false))
                .onSuccess(text -> ctx.response()
                        .putHeader("Content-Type", Metrics.MEDIA_TYPE)
                        .end(text))
                .onFailure(cause -> Problem.of(cause).send(ctx.response()));
    }

    private Future<Metrics> metrics() {
        if (made == null) {
            made = vertx.executeBlocking(
                    () -> {
                        Metrics metrics = new Metrics();
                        fill.accept(metrics);
                        return metrics;
                    },
                    false);
        }
        return made;
    }
}
