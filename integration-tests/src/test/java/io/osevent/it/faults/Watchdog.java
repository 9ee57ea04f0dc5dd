package io.osevent.it.faults;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends the process, with all stacks, if a fault does not end: nothing hangs. */
final class Watchdog {
    private static final int HUNG = 3;

    private final CountDownLatch calm = new CountDownLatch(1);

    Watchdog(String what, long minutes) {
        Thread thread = new Thread(
                () -> {
                    try {
                        if (!calm.await(minutes, TimeUnit.MINUTES)) {
                            System.err.println("soak: FAILED " + what + " did not end within " + minutes + " min");
                            Thread.getAllStackTraces().forEach((other, stack) -> {
                                System.err.println(other);
                                for (StackTraceElement frame : stack) {
                                    System.err.println("    at " + frame);
                                }
                            });
                            Runtime.getRuntime().halt(HUNG);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    void calm() {
        calm.countDown();
    }
}
