package io.osevent.bench;

import io.osevent.bridge.BridgeMetrics;
import io.osevent.bridge.EventSet;
import io.osevent.bridge.NativeContext;
import io.osevent.bridge.TimeoutRegistration;
import io.osevent.bridge.TurnLimits;
import io.osevent.shim.Seams;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the bridge takes to disarm and arm, or to re-arm, a timeout from Java while others are armed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BridgeTimerBenchmark {
    private static final int BATCH = 1000;
    private static final int FAR_MILLIS = 600_000;

    /** How many timeouts are armed all the while. */
    @Param("100000")
    public int armed;

    private EventSet set;
    private Timer[] timers;
    private int[] order;
    private int at;

    /** Made by JMH. */
    public BridgeTimerBenchmark() {}

    private static final class Timer extends TimeoutRegistration {
        Timer(NativeContext context, int millis) {
            super(context, millis);
        }

        @Override
        protected void expired() {}

        @Override
        public String toString() {
            return "timer of a benchmark";
        }
    }

    /** Arms the timeouts. */
    @Setup(Level.Trial)
    public void arm() {
        set = EventSet.open(Seams.best(), TurnLimits.DEFAULT, BridgeMetrics.NONE);
        NativeContext context = NativeContext.permanent(set, "benchmark");
        timers = new Timer[armed];
        order = new SplittableRandom(42).ints(armed, 0, armed).toArray();
        for (int i = 0; i < armed; i++) {
            timers[i] = new Timer(context, delay(i));
            set.addPeriodic(timers[i]);
        }
    }

    /** Closes the set. */
    @TearDown(Level.Trial)
    public void close() {
        set.close();
    }

    private static int delay(int i) {
        return FAR_MILLIS + i * 7919 % 1000;
    }

    /** Disarms a random timeout and arms it again: what Netty's cancel and schedule do. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void disarmAndArm() {
        for (int i = 0; i < BATCH; i++) {
            int victim = order[at++ % armed];
            set.reschedule(timers[victim], TimeoutRegistration.OFF);
            set.reschedule(timers[victim], delay(victim));
        }
    }

    /** Moves a random timeout to another deadline, as keepalive does. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void rearm() {
        for (int i = 0; i < BATCH; i++) {
            int victim = order[at++ % armed];
            set.reschedule(timers[victim], delay(victim));
        }
    }
}
