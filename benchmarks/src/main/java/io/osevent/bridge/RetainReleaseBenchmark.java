package io.osevent.bridge;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one dispatch pays for the life cycle: a retain and a release of a live registration. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RetainReleaseBenchmark {
    private SlotTable slots;
    private Registration registration;

    /** Made by JMH. */
    public RetainReleaseBenchmark() {}

    /** Registers. */
    @Setup
    public void register() {
        slots = new SlotTable();
        registration = new TimeoutRegistration(null) {
            @Override
            protected void expired() {}

            @Override
            public String toString() {
                return "registration of a benchmark";
            }
        };
        slots.register(registration);
    }

    /**
     * One call's worth.
     *
     * @return whether the retain succeeded and the release was not the last
     */
    @Benchmark
    public boolean retainAndRelease() {
        return slots.retain(registration) && !slots.release(registration);
    }
}
