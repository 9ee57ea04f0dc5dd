package io.osevent.it.face;

import static io.osevent.it.face.Waiting.get;
import static io.osevent.it.face.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.osevent.it.libvirt.Guest;
import io.osevent.it.libvirt.LibvirtdRig;
import io.osevent.vertx.LibvirtEventLoop;
import io.osevent.vertx.libvirt.DomainConsole;
import io.osevent.vertx.libvirt.LibvirtConnectOptions;
import io.osevent.vertx.libvirt.LibvirtConnection;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The console of a QEMU guest, without blocking. */
class DomainConsoleTest {

    private final StringBuffer printed = new StringBuffer();

    private Vertx vertx;
    private LibvirtEventLoop loop;
    private LibvirtdRig rig;
    private LibvirtConnection connection;

    @BeforeEach
    void start() throws Exception {
        rig = LibvirtdRig.start();
        vertx = Vertx.vertx();
        loop = get(LibvirtEventLoop.install(vertx));
        LibvirtConnection.silenceStandardError();
        connection = get(LibvirtConnection.open(vertx, new LibvirtConnectOptions(rig.uri("qemu"))));
        Guest guest = rig.guest("talker", Guest.Variant.WAIT);
        String xml = guest.xml();
        get(connection.call("create", connect -> {
            connect.domainCreateXML(xml, 0).free();
            return null;
        }));
        until("the guest has booted", () -> guest.consoleLog().contains(Guest.BANNER));
    }

    @AfterEach
    void stop() throws Exception {
        if (connection != null) {
            get(connection.close());
        }
        if (loop != null) {
            get(loop.close());
            // Whoever watches libvirt's loop next finds nothing of this test.
            assertEquals(0, loop.stats().unfinished(), () -> String.join(", ", loop.registrations()));
        }
        if (vertx != null) {
            get(vertx.close());
        }
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void echoesWhatIsTypedAndEndsWithTheGuest() throws Exception {
        DomainConsole console = open();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        console.endHandler(ignored -> ended.complete(null));
        get(console.write(Buffer.buffer("hello")));
        until("the guest echoes", () -> printed.toString().contains("hello"));
        get(console.write(Buffer.buffer(String.valueOf(Guest.TYPE_POWER_OFF))));
        ended.get(30, TimeUnit.SECONDS);
        get(console.close());
    }

    @Test
    void manyBytesComeBackInOrder() throws Exception {
        DomainConsole console = open();
        StringBuilder typed = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            String word = "<" + i + ">";
            typed.append(word);
            get(console.write(Buffer.buffer(word)));
            String all = typed.toString();
            until("all echoed up to " + word, () -> printed.toString().contains(all));
        }
        get(console.close());
    }

    @Test
    void aPausedReaderGetsNothingUntilItResumes() throws Exception {
        DomainConsole console = open();
        console.pause();
        get(console.write(Buffer.buffer("later")));
        // Round trips through the daemon, in which an echo would have come.
        for (int i = 0; i < 20; i++) {
            get(connection.ping());
        }
        assertFalse(printed.toString().contains("later"));
        console.resume();
        until("the echo arrives", () -> printed.toString().contains("later"));
        get(console.close());
    }

    @Test
    void closingTheConnectionClosesItsConsole() throws Exception {
        DomainConsole console = open();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        console.endHandler(ignored -> ended.complete(null));
        get(connection.close());
        ended.get(30, TimeUnit.SECONDS);
    }

    private DomainConsole open() throws Exception {
        DomainConsole console = get(connection.openConsole("talker", null));
        console.handler(data -> printed.append(data.toString()));
        return console;
    }
}
