package io.osevent.vertx;

import io.osevent.bridge.EventSet;
import io.osevent.bridge.Harvest;
import io.osevent.bridge.Interest;
import io.osevent.bridge.NativePort;
import java.util.concurrent.TimeUnit;

/** Looks at a set's descriptor from outside: a set that stays readable makes its loop spin. */
final class FrontProbe implements AutoCloseable {
    private final NativePort port;
    private final int outer;
    private final Harvest harvest;

    FrontProbe(NativePort port, EventSet set) {
        this.port = port;
        this.outer = port.createSet();
        this.harvest = port.newHarvest(1);
        port.control(outer, NativePort.CTL_ADD, set.fd(), Interest.READABLE, 1);
    }

    /** True once the set was seen unreadable a hundred times in a row. */
    boolean becomesIdle(int seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int quiet = 0;
        while (quiet < 100) {
            quiet = port.await(outer, harvest, 1, 0) == 0 ? quiet + 1 : 0;
            if (System.nanoTime() > end) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        port.close(outer);
    }
}
