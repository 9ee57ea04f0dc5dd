package io.osevent.it.faults;

import io.osevent.vertx.LibvirtEventLoop;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/** Everything that ends: it does so in bounded time, and what is shared goes on. */
final class LifeFaults {
    private static final Duration JVM_BOUND = Duration.ofSeconds(60);

    private LifeFaults() {}

    /** The verticle that installed libvirt's loop is undeployed: the loop goes on, with all that hangs on it. */
    static Outcome undeploy(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        Bounded.get("park", libvirt.loop().close(Duration.ZERO));
        Vertx own = World.newVertx(random);
        AtomicReference<LibvirtEventLoop> loop = new AtomicReference<>();
        String id = Bounded.get("deploy", own.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                return LibvirtEventLoop.install(vertx).onSuccess(loop::set);
            }
        }));
        libvirt.steady().awaitMore();
        Bounded.get("undeploy", own.undeploy(id));
        libvirt.steady().awaitMore();
        boolean active = loop.get().isActive();
        Bounded.get("Vert.x closes", own.close());
        libvirt.steady().awaitMore();
        libvirt.install();
        libvirt.steady().awaitMore();
        return Outcome.of(1, 1, active ? 1 : 0);
    }

    /** Vert.x is closed while connections are open and other threads call: the parked thread takes over. */
    static Outcome vertxCloses(World world, RandomGenerator random) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        libvirt.mendDaemon();
        long before = libvirt.stats().unfinished();
        Bounded.get("park", libvirt.loop().close(Duration.ZERO));
        Vertx own = World.newVertx(random);
        LibvirtEventLoop loop = Bounded.get("install", LibvirtEventLoop.install(own));
        List<LibvirtConnection> connections = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            connections.add(Bounded.get("open", libvirt.connect(libvirt.rig().uri("test"), 1, 5)));
        }
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread caller = new Thread(
                () -> {
                    try {
                        while (!stop.get()) {
                            for (LibvirtConnection connection : connections) {
                                Bounded.get("ping", connection.ping());
                            }
                        }
                    } catch (Exception e) {
                        failure.set(e);
                    }
                },
                "caller");
        caller.start();
        libvirt.steady().awaitMore();
        Bounded.get("Vert.x closes", own.close());
        libvirt.steady().awaitMore();
        boolean parked = !loop.isActive();
        libvirt.install();
        libvirt.steady().awaitMore();
        stop.set(true);
        Bounded.join("the caller ends", List.of(caller));
        for (LibvirtConnection connection : connections) {
            Bounded.get("close", connection.close());
        }
        libvirt.awaitUnfinished(before);
        if (failure.get() != null) {
            throw new AssertionError("a call failed", failure.get());
        }
        return Outcome.of(1, 1, parked ? 1 : 0);
    }

    /** A JVM with open connections and busy threads ends when its main thread does and nothing else keeps it. */
    static Outcome jvmReturns(World world, RandomGenerator random) throws Exception {
        return ends(world, EndingMain.Way.RETURN, 0);
    }

    /** {@code System.exit} from a thread of the user's. */
    static Outcome jvmExits(World world, RandomGenerator random) throws Exception {
        return ends(world, EndingMain.Way.EXIT, EndingMain.STATUS);
    }

    /** {@code System.exit} inside a callback, which never returns from it. */
    static Outcome exitInCallback(World world, RandomGenerator random) throws Exception {
        return ends(world, EndingMain.Way.EXIT_IN_CALLBACK, EndingMain.STATUS);
    }

    /** SIGTERM while everything is busy. */
    static Outcome terminated(World world, RandomGenerator random) throws Exception {
        return ends(world, EndingMain.Way.SIGTERM, 128 + 15);
    }

    private static Outcome ends(World world, EndingMain.Way way, int status) throws Exception {
        LibvirtWorld libvirt = world.libvirt();
        libvirt.mendDaemon();
        Child child = Child.start(EndingMain.class, way.name(), libvirt.rig().uri("test"));
        try {
            child.awaitLine(EndingMain.BUSY, JVM_BOUND);
            if (way == EndingMain.Way.SIGTERM) {
                child.terminate();
            }
            int exit = child.awaitEnd(JVM_BOUND);
            if (exit != status || !child.said(EndingMain.HOOK_RAN) || child.said("\tat ")) {
                throw new AssertionError("exit status " + exit + ", not " + status + ":\n" + child.output());
            }
            return Outcome.of(1, 1, 1);
        } finally {
            child.kill();
        }
    }
}
