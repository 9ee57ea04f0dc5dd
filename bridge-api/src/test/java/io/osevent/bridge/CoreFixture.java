package io.osevent.bridge;

import java.util.function.Function;

/** An event set on a simulated kernel, hosted by hand. */
public final class CoreFixture {
    public final SimKernel kernel = new SimKernel();
    public final SteppedHost host = new SteppedHost(kernel);
    public final EventSet set;
    public final NativeContext context;
    public final Lease lease;

    public CoreFixture() {
        this(TurnLimits.DEFAULT, new SlotTable(), -1);
    }

    CoreFixture(TurnLimits limits, SlotTable slots, int lastTag) {
        this(kernel -> kernel, limits, slots, lastTag);
    }

    /** On a port between the set and the kernel. */
    CoreFixture(Function<SimKernel, NativePort> port) {
        this(port, TurnLimits.DEFAULT, new SlotTable(), -1);
    }

    CoreFixture(Function<SimKernel, NativePort> port, TurnLimits limits, SlotTable slots, int lastTag) {
        set = EventSet.open(port.apply(kernel), limits, BridgeMetrics.NONE, slots, lastTag);
        context = NativeContext.permanent(set, "library");
        lease = host.lease(set, () -> {});
    }

    public RecordedFd fd(String name, int fd, int interest) {
        RecordedFd registration = new RecordedFd(context, name, fd, interest);
        set.add(registration);
        return registration;
    }

    public RecordedTimeout timer(String name, int periodMillis) {
        RecordedTimeout registration = new RecordedTimeout(context, name, periodMillis);
        set.addPeriodic(registration);
        return registration;
    }

    public RecordedTimeout oneShot(String name, long inMicros) {
        RecordedTimeout registration = new RecordedTimeout(context, name);
        set.addOneShot(registration, kernel.wallClockMicros() + inMicros);
        return registration;
    }
}
