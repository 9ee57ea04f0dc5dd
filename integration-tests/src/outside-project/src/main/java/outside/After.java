package outside;

import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/** The same program by one other line: libvirt's callbacks come on Vert.x's event loop, and no thread is needed. */
public final class After {
    private After() {}

    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx();
        LibvirtEventLoop.install(vertx).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        Watch.run();
        vertx.close();
    }
}
