package io.osevent.it.libvirt;

import com.sun.jna.LastErrorException;
import io.osevent.shim.NativeFds;
import io.osevent.vertx.LibvirtEventLoop;
import io.osevent.vertx.libvirt.LibvirtConnectOptions;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import org.libvirt.Connect;

/** A program that opens connections with few descriptors left, and says how it fared; see {@link FewDescriptorsTest}. */
final class FewDescriptorsMain {
    static final int MOST = 20;

    private static final String NOWHERE = "test+unix:///default?socket=/nowhere";
    private static final Duration BOUND = Duration.ofSeconds(10);

    private interface Opening {
        void openAndClose() throws Exception;
    }

    private FewDescriptorsMain() {}

    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx();
        Await.result("install", BOUND, LibvirtEventLoop.install(vertx));
        boolean guarded = Boolean.parseBoolean(args[0]);
        Opening opening = guarded ? () -> throughBridge(vertx, args[1]) : () -> new Connect(args[1]).close();
        // Both ways once with descriptors to spare: a class that is loaded from a directory takes one.
        opening.openAndClose();
        outcome(guarded ? () -> throughBridge(vertx, NOWHERE) : () -> new Connect(NOWHERE));
        for (int left = 0; left <= MOST; left++) {
            Deque<Integer> taken = takeAll();
            for (int i = 0; i < left; i++) {
                NativeFds.shut(taken.pop());
            }
            String outcome = outcome(opening);
            taken.forEach(NativeFds::shut);
            System.out.println(left + " left: " + outcome);
        }
        opening.openAndClose();
        System.out.println("and on it went");
        Runtime.getRuntime().halt(0);
    }

    private static void throughBridge(Vertx vertx, String uri) throws Exception {
        LibvirtConnection connection =
                Await.result("open", BOUND, LibvirtConnection.open(vertx, new LibvirtConnectOptions(uri)));
        Await.result("close", BOUND, connection.close());
    }

    private static String outcome(Opening opening) throws Exception {
        try {
            opening.openAndClose();
            return "opened";
        } catch (ExecutionException e) {
            return e.getCause().getMessage();
        } catch (org.libvirt.LibvirtException e) {
            return e.getMessage();
        }
    }

    private static Deque<Integer> takeAll() {
        Deque<Integer> taken = new ArrayDeque<>();
        try {
            while (true) {
                taken.push(NativeFds.event(0));
            }
        } catch (LastErrorException none) {
            return taken;
        }
    }
}
