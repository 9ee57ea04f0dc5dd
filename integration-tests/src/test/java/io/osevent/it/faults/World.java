package io.osevent.it.faults;

import io.osevent.shim.Seam;
import io.osevent.shim.Seams;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** What there is to break: a Vert.x for each transport, both seams, and what a run of faults shares. */
final class World implements AutoCloseable {
    private final boolean brief;
    private final List<Vertx> loops = new ArrayList<>();
    private final Set<String> had;
    private LibvirtWorld libvirt;
    private AgentWorld agent;

    /**
     * @param brief whether faults that can be put in at length are kept short
     * @param had what was put in at length already; added to
     */
    World(boolean brief, Set<String> had) {
        this.brief = brief;
        this.had = had;
        for (Transport transport : List.of(Transport.NIO, Transport.EPOLL, Transport.IO_URING)) {
            if (transport.available()) {
                loops.add(newVertx(transport));
            }
        }
    }

    boolean isShort() {
        return brief;
    }

    /** True once for each name: what takes long is put in at full length once in a soak. */
    boolean isFirst(String name) {
        return had.add(name);
    }

    Seam seam(RandomGenerator random) {
        return pick(Seams.available(), random);
    }

    /** A Vert.x that goes on; a fault that closes one takes {@link #newVertx()}. */
    Vertx vertx(RandomGenerator random) {
        return pick(loops, random);
    }

    LeasedSet lease(RandomGenerator random) {
        return new LeasedSet(vertx(random), seam(random));
    }

    /** libvirt's part, made when it is first asked for. */
    LibvirtWorld libvirt() throws Exception {
        if (libvirt == null) {
            libvirt = LibvirtWorld.open(loops.get(loops.size() - 1));
        }
        return libvirt;
    }

    /** An agent in a process of its own, made when it is first asked for. */
    AgentWorld agent() throws Exception {
        if (agent == null) {
            agent = AgentWorld.start();
        }
        return agent;
    }

    /** A Vert.x of the fault's own, to be closed by it. */
    static Vertx newVertx(RandomGenerator random) {
        return newVertx(random.nextBoolean() && Transport.EPOLL.available() ? Transport.EPOLL : Transport.NIO);
    }

    private static Vertx newVertx(Transport transport) {
        // Blocked loops are put in on purpose: the checker's warnings would say so over and over.
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(1)
                .setMaxEventLoopExecuteTime(1)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MINUTES);
        return Vertx.builder().with(options).withTransport(transport).build();
    }

    private static <T> T pick(List<T> from, RandomGenerator random) {
        return from.get(random.nextInt(from.size()));
    }

    @Override
    public void close() {
        if (agent != null) {
            agent.close();
        }
        if (libvirt != null) {
            libvirt.close();
        }
        for (Vertx vertx : loops) {
            try {
                Bounded.get("Vert.x closes", vertx.close());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while Vert.x closes", e);
            } catch (Exception e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
    }
}
