package io.osevent.it.libvirt;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.libvirt.Library;
import org.libvirt.LibvirtException;

/** libvirt's own event loop on a thread: what a user of libvirt-java has without this project. */
final class ReferenceLoop {
    private static final long BOUND_SECONDS = 10;

    private final Thread thread;
    private volatile boolean running = true;
    private volatile LibvirtException failure;

    private ReferenceLoop(CountDownLatch started) {
        thread = new Thread(() -> run(started), "libvirt default event loop");
        thread.setDaemon(true);
    }

    static ReferenceLoop start() throws LibvirtException, InterruptedException {
        Library.initEventLoop();
        CountDownLatch started = new CountDownLatch(1);
        ReferenceLoop loop = new ReferenceLoop(started);
        loop.thread.start();
        if (!started.await(BOUND_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the reference loop's thread did not start");
        }
        return loop;
    }

    private void run(CountDownLatch started) {
        started.countDown();
        try {
            Library.runEventLoop();
        } catch (LibvirtException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running = false;
        }
    }

    void stop() throws Exception {
        // A stop that comes before runEventLoop has begun is lost, hence again and again.
        Await.until("the reference loop ends", Duration.ofSeconds(BOUND_SECONDS), () -> {
            Library.stopEventLoop();
            return !running;
        });
        if (failure != null) {
            throw failure;
        }
    }
}
