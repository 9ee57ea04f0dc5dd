package io.osevent.it.faults;

import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.libvirt.Connect;

/** A program that ends while it is busy; see {@link LifeFaults}. Arguments: way, URI. */
final class EndingMain {
    static final int STATUS = 7;
    static final String BUSY = "busy";
    static final String HOOK_RAN = "hook ran";

    private static final int DRIVERS = 3;

    /** How it ends. */
    enum Way {
        RETURN,
        EXIT,
        EXIT_IN_CALLBACK,
        SIGTERM
    }

    private EndingMain() {}

    public static void main(String[] args) throws Exception {
        Way way = Way.valueOf(args[0]);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println(HOOK_RAN)));
        Vertx vertx = Vertx.vertx();
        Bounded.get("install", LibvirtEventLoop.install(vertx));
        List<SteadyEvents> events = new ArrayList<>();
        for (int i = 0; i < DRIVERS; i++) {
            Path node = Files.createTempFile("osevent-ending", ".xml");
            Files.writeString(node, "<node/>");
            events.add(SteadyEvents.start("test://" + node));
            Files.delete(node);
        }
        Connect remote = new Connect(args[1]);
        remote.setKeepAlive(1, 5);
        CountDownLatch exiting = new CountDownLatch(1);
        if (way == Way.EXIT_IN_CALLBACK) {
            Connect acting = new Connect(args[1]);
            remote.addLifecycleListener((domain, event) -> {
                exiting.countDown();
                System.exit(STATUS);
                return 0;
            });
            toggleSoon(acting);
        }
        for (SteadyEvents each : events) {
            each.awaitMore();
        }
        System.out.println(BUSY);
        switch (way) {
            case EXIT -> System.exit(STATUS);
            case RETURN -> Bounded.get("Vert.x closes", vertx.close());
            case EXIT_IN_CALLBACK -> {
                if (!exiting.await(Bounded.BOUND.toSeconds(), TimeUnit.SECONDS)) {
                    System.out.println("no callback came");
                    Runtime.getRuntime().halt(1);
                }
            }
            case SIGTERM -> new CountDownLatch(1).await();
        }
    }

    /** After main has said that it is busy, which takes no longer than this. */
    private static void toggleSoon(Connect acting) {
        Thread thread = new Thread(() -> {
            try {
                var domain = acting.domainLookupByName("test");
                Pauses.pause(500);
                domain.suspend();
                domain.resume();
            } catch (org.libvirt.LibvirtException e) {
                System.out.println(e.getMessage());
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
