package io.osevent.it.libvirt;

import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** A program that installs the loop and says why that fails; see {@link MissingLibvirtTest}. */
final class InstallMain {
    static final int REFUSED = 3;

    private static final Duration BOUND = Duration.ofSeconds(10);

    private InstallMain() {}

    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Await.result("install", BOUND, LibvirtEventLoop.install(vertx));
            System.out.println("installed");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            OneLine.check(cause);
            System.out.println(cause.getClass().getSimpleName() + ": " + cause.getMessage());
            Await.result("Vert.x closes", BOUND, vertx.close());
            System.exit(REFUSED);
        }
    }
}
