package io.osevent.bench;

import io.osevent.bridge.RetainReleaseBenchmark;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks of the Java parts and takes their figures into the results. */
final class JmhBench {
    static final String FAMILY = "java";
    /** The system that the timeout list is compared with. */
    static final String NETTY = "netty-schedule";

    private static final int ARMED = 100_000;

    private final Options options;
    private final Results results;

    JmhBench(Options options, Results results) {
        this.options = options;
        this.results = results;
    }

    void run() {
        OptionsBuilder jmh = new OptionsBuilder();
        jmh.include(NettyTimerBenchmark.class.getName() + ".*")
                .include(BridgeTimerBenchmark.class.getName() + ".*")
                .include(RetainReleaseBenchmark.class.getName() + ".*")
                .jvmArgsAppend("-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED", "-Xmx1g")
                .verbosity(VerboseMode.NORMAL)
                .output(options.output().resolve("jmh.log").toString());
        if (options.quick()) {
            jmh.warmupIterations(2)
                    .warmupTime(TimeValue.milliseconds(400))
                    .measurementIterations(3)
                    .measurementTime(TimeValue.milliseconds(300));
        }
        try {
            Collection<RunResult> runs = new Runner(jmh.build()).run();
            runs.forEach(this::add);
        } catch (RunnerException e) {
            results.addGap("jmh", FAMILY, e.getMessage());
        }
    }

    /** Netty has no re-arm: its cancel and schedule stand against both ways of the bridge. */
    private void add(RunResult run) {
        String name = run.getParams().getBenchmark();
        String method = name.substring(name.lastIndexOf('.') + 1);
        switch (method) {
            case "cancelAndSchedule" -> {
                add(run, NETTY, "timeouts-disarm-arm", ARMED);
                add(run, NETTY, "timeouts-rearm", ARMED);
            }
            case "disarmAndArm" -> add(run, PeerSpec.BRIDGE, "timeouts-disarm-arm", ARMED);
            case "rearm" -> add(run, PeerSpec.BRIDGE, "timeouts-rearm", ARMED);
            default -> add(run, PeerSpec.BRIDGE, method.toLowerCase(Locale.ROOT), 1);
        }
    }

    private void add(RunResult run, String system, String workload, long n) {
        JvmPeer.Identity identity = new JvmPeer.Identity(system, "java", "java");
        int round = 0;
        for (IterationResult iteration :
                run.getBenchmarkResults().iterator().next().getIterationResults()) {
            double nanos = iteration.getPrimaryResult().getScore();
            results.add(FAMILY, round++, identity.row(workload, n, 0, nanos, "ns"));
        }
    }
}
