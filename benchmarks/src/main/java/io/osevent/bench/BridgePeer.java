package io.osevent.bench;

import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.CallScope;
import io.osevent.bridge.ThreadHost;
import io.osevent.bridge.TurnLimits;
import io.osevent.libvirt.VirEventImpl;
import io.osevent.shim.Seams;
import io.osevent.vertx.LibvirtEventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.transport.Transport;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Peer "bridge": this project, as a user installs it, on one transport of Vert.x and one seam. The transport
 * {@code thread} is the core alone, on a plain thread: what a host costs is the difference.
 */
public final class BridgePeer extends JvmPeer {
    private static final String THREAD = "thread";
    private static final long BOUND_SECONDS = 10;

    private final Vertx vertx;
    private int echoPort;
    private Contexts contexts;

    private BridgePeer(Identity identity, Vertx vertx) {
        super(identity);
        this.vertx = vertx;
    }

    private static BridgePeer onVertx(Identity identity) throws Exception {
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(1))
                .withTransport(transport(identity.transport()))
                .build();
        LibvirtEventLoop loop = LibvirtEventLoop.install(vertx).await(BOUND_SECONDS, TimeUnit.SECONDS);
        check("transport", identity.transport(), loop.transport());
        check("seam", identity.seam(), loop.seam());
        return new BridgePeer(identity, vertx);
    }

    private static BridgePeer onThread(Identity identity) {
        VirEventImpl events = VirEventImpl.register(Seams.best(), TurnLimits.DEFAULT, BridgeMetrics.NONE);
        new ThreadHost("bridge-loop", CallScope.PLAIN).lease(events.set(), () -> {});
        check("seam", identity.seam(), Seams.best().kind().toString());
        return new BridgePeer(identity, null);
    }

    /** A fallback would put another system's figures under this one's name. */
    private static void check(String what, String wanted, String got) {
        if (!wanted.equalsIgnoreCase(got)) {
            throw new IllegalStateException("this machine has no " + what + " " + wanted + ": the bridge took " + got);
        }
    }

    private static Transport transport(String name) {
        return switch (name) {
            case "epoll" -> Transport.EPOLL;
            case "io_uring" -> Transport.IO_URING;
            default -> Transport.NIO;
        };
    }

    /** The echo is a Vert.x server on the loop that also has the foreign fds: there is one loop only. */
    @Override
    String request(String line) throws Exception {
        if (vertx != null && line.startsWith("setup echo")) {
            return super.request(line + " port=" + echoPort());
        }
        if (line.startsWith("setup contexts")) {
            Map<String, String> words = arguments(line);
            contexts = new Contexts(
                    natives(),
                    transport(identity().transport()),
                    Integer.parseInt(words.get("n")),
                    Integer.parseInt(words.get("loops")));
            return "";
        }
        return contexts == null ? super.request(line) : ofContexts(line);
    }

    @Override
    Remote remote(Map<String, String> arguments) throws Exception {
        if (!arguments.containsKey("stream")) {
            return super.remote(arguments);
        }
        return new StreamRemote(
                vertx,
                arguments.get("uri"),
                Integer.parseInt(arguments.get("n")),
                Integer.parseInt(arguments.get("ops")));
    }

    private String ofContexts(String line) throws Exception {
        if (line.startsWith("measure")) {
            return print(
                    contexts.measure(identity(), Long.parseLong(arguments(line).get("ms"))));
        }
        if (line.startsWith("teardown")) {
            contexts.close();
        }
        if (line.startsWith("verify")) {
            contexts = null;
        }
        return "";
    }

    private int echoPort() throws Exception {
        if (echoPort == 0) {
            echoPort = vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true))
                    .connectHandler(BridgePeer::echo)
                    .listen(0, "127.0.0.1")
                    .await(BOUND_SECONDS, TimeUnit.SECONDS)
                    .actualPort();
        }
        return echoPort;
    }

    private static void echo(NetSocket socket) {
        socket.handler(socket::write);
    }

    /**
     * Answers the harness's requests on standard input.
     *
     * @param arguments the transport, the seam, and then a workload to run once instead
     */
    public static void main(String[] arguments) {
        // libvirt keeps the hooks for ever and Vert.x its threads, and nothing is to be saved: the process just ends.
        try {
            run(Arrays.asList(arguments));
            Runtime.getRuntime().halt(0);
        } catch (Exception | LinkageError e) {
            System.err.println("bench: " + e.getMessage());
            Runtime.getRuntime().halt(1);
        }
    }

    private static void run(List<String> words) throws Exception {
        Identity identity = new Identity(PeerSpec.BRIDGE, words.get(0), words.get(1));
        System.setProperty(Seams.PROPERTY, identity.seam());
        BridgePeer peer = identity.transport().equals(THREAD) ? onThread(identity) : onVertx(identity);
        peer.serve(words.subList(2, words.size()));
    }
}
