package io.osevent.it.libvirt;

import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.libvirt.Connect;
import org.libvirt.LibvirtException;
import org.libvirt.event.LifecycleListener;

/** A program that ends while libvirt is busy; see {@link ExitTest}. Arguments: way, transport, URI of a test driver. */
final class ExitMain {
    static final int STATUS = 7;
    static final String EXITING = "exiting";
    static final String CLOSED = "closed in order";

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofNanos(1);
    private static final int CONNECTIONS = 4;
    private static final int EVENTS = 50;

    /** How it ends. */
    enum Way {
        /** {@code System.exit} on the main thread. */
        FROM_MAIN,
        /** {@code System.exit} inside a listener, so that the event loop never gets out of it. */
        FROM_CALLBACK,
        /** {@code System.exit} with a shutdown hook that closes the connections and Vert.x. */
        WITH_HOOK,
        /** The main thread returns after Vert.x was closed: nothing else may keep the JVM alive. */
        BY_RETURN
    }

    private ExitMain() {}

    public static void main(String[] args) {
        try {
            run(args);
        } catch (Throwable e) {
            e.printStackTrace(System.out);
            System.exit(1);
        }
    }

    private static void run(String[] args) throws Exception {
        Way way = Way.valueOf(args[0]);
        Vertx vertx = LoopTransport.valueOf(args[1]).newVertx();
        String uri = args[2];
        Await.result("install", BOUND, LibvirtEventLoop.install(vertx));

        CountDownLatch flowing = new CountDownLatch(EVENTS);
        AtomicInteger events = new AtomicInteger();
        // A connection that is being opened while the JVM ends is refused, and rightly says so.
        AtomicBoolean opened = new AtomicBoolean();
        LifecycleListener listener = (domain, event) -> {
            SeenEvents.nameOf(domain);
            flowing.countDown();
            if (events.incrementAndGet() >= EVENTS && opened.get() && way == Way.FROM_CALLBACK) {
                System.out.println(EXITING);
                System.exit(STATUS);
            }
            return 0;
        };
        Connect[] connects = new Connect[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            String to = i % 2 == 0 ? uri : "test:///default";
            connects[i] = new Connect(to);
            connects[i].addLifecycleListener(listener);
            Toggler.start(to, "exit" + ProcessHandle.current().pid() + "-" + i, 2, PAUSE);
        }
        opened.set(true);
        flowing.await();
        switch (way) {
            case FROM_MAIN -> {
                System.out.println(EXITING);
                System.exit(STATUS);
            }
            case FROM_CALLBACK -> new CountDownLatch(1).await();
            case WITH_HOOK -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> closeInOrder(connects, listener, vertx)));
                System.out.println(EXITING);
                System.exit(STATUS);
            }
            case BY_RETURN -> {
                Await.result("Vert.x closes", BOUND, vertx.close());
                System.out.println(EXITING);
            }
        }
    }

    private static void closeInOrder(Connect[] connects, LifecycleListener listener, Vertx vertx) {
        try {
            for (Connect connect : connects) {
                connect.removeLifecycleListener(listener);
                connect.close();
            }
            Await.result("Vert.x closes", BOUND, vertx.close());
            System.out.println(CLOSED);
        } catch (LibvirtException e) {
            System.out.println(e.getMessage());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
