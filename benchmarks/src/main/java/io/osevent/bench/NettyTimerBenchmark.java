package io.osevent.bench;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.ScheduledFuture;
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

/** What Netty takes to schedule and cancel a timeout on its loop's own thread while others are armed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class NettyTimerBenchmark {
    private static final int BATCH = 1000;

    /** How many timeouts are armed all the while. */
    @Param("100000")
    public int armed;

    private MultiThreadIoEventLoopGroup group;
    private EventLoop loop;
    private ScheduledFuture<?>[] futures;
    private int[] order;
    private int at;

    /** Made by JMH. */
    public NettyTimerBenchmark() {}

    /**
     * Starts a loop and arms its timeouts.
     *
     * @throws Exception if the loop refuses
     */
    @Setup(Level.Trial)
    public void arm() throws Exception {
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        loop = group.next();
        futures = new ScheduledFuture<?>[armed];
        SplittableRandom random = new SplittableRandom(42);
        order = random.ints(armed, 0, armed).toArray();
        loop.submit(() -> {
                    for (int i = 0; i < armed; i++) {
                        futures[i] = loop.schedule(() -> {}, delay(i), TimeUnit.NANOSECONDS);
                    }
                })
                .sync();
    }

    /**
     * Ends the loop.
     *
     * @throws Exception if the wait is interrupted
     */
    @TearDown(Level.Trial)
    public void stop() throws Exception {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private static long delay(int i) {
        return TimeUnit.MINUTES.toNanos(10) + i * 7919L % 1_000_000_000L;
    }

    /**
     * Cancels a random timeout and schedules another in its place.
     *
     * @throws Exception if the loop refuses
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void cancelAndSchedule() throws Exception {
        loop.submit(() -> {
                    for (int i = 0; i < BATCH; i++) {
                        int victim = order[at++ % armed];
                        futures[victim].cancel(false);
                        futures[victim] = loop.schedule(() -> {}, delay(victim), TimeUnit.NANOSECONDS);
                    }
                })
                .sync();
    }
}
