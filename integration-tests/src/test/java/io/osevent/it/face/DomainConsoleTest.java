package io.osevent.it.face;

import static io.osevent.it.face.Waiting.get;
import static io.osevent.it.face.Waiting.until;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.it.libvirt.Guest;
import io.osevent.it.libvirt.LibvirtdRig;
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
    private LibvirtdRig rig;
    private LibvirtConnection connection;

    @BeforeEach
    void start() throws Exception {
        rig = LibvirtdRig.start();
        vertx = Vertx.vertx();
        TestLoop.install(vertx);
        LibvirtConnection.silenceStandardError();
        connection = get(LibvirtConnection.open(vertx, new LibvirtConnectOptions(rig.uri("qemu"))));
        String xml = rig.guest("talker", Guest.Variant.WAIT).xml();
        get(connection.call("create", connect -> {
            connect.domainCreateXML(xml, 0).free();
            return null;
        }));
    }

    @AfterEach
    void stop() throws Exception {
        if (connection != null) {
            get(connection.close());
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
            int length = typed.length();
            until("echo of " + word, () -> printed.length() >= length);
        }
        assertTrue(printed.toString().contains(typed), () -> "echoed: " + printed);
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
