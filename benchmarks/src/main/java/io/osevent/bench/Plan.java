package io.osevent.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** All workloads of one run. The names of workloads and their arguments are those of the C library. */
final class Plan {
    private static final Predicate<PeerSpec> ALL = spec -> true;
    /** What libvirtaio does not allow: calls from a foreign thread. */
    private static final Predicate<PeerSpec> THREAD_SAFE =
            spec -> !spec.system().equals("libvirt-python-asyncio");
    /** Systems whose time and memory for 100,000 timeouts do not grow with the square of their number. */
    private static final Predicate<PeerSpec> LINEAR = spec -> spec.system().equals(PeerSpec.C_EPOLL) || spec.bridge();

    /** What does not depend on the host that watches the set is measured on one transport. */
    private static final Predicate<PeerSpec> ONE_HOST =
            spec -> !spec.bridge() || spec.transport().equals("epoll");
    /** The core without a host says what a host costs where it costs something: at each wake-up and each turn. */
    private static final Predicate<PeerSpec> HOSTED = spec -> !spec.transport().equals("thread");

    private static final int[][] DISPATCH = {{1, 1}, {1024, 1}, {64, 64}, {1024, 64}, {1024, 1024}, {10_000, 100}};

    private final boolean quick;
    private final int rounds;
    private final int window;
    private final List<Workload> workloads = new ArrayList<>();

    private Plan(boolean quick) {
        this.quick = quick;
        this.rounds = quick ? 3 : 7;
        this.window = quick ? 30 : 200;
    }

    static List<Workload> of(Options options) {
        Plan plan = new Plan(options.quick());
        plan.dispatch();
        plan.wake();
        plan.hooks();
        plan.timers();
        plan.fairness();
        plan.garbage();
        plan.contexts();
        plan.remote();
        // Last: the C library keeps its eventfds for the next workload, and no other could have as many descriptors.
        plan.memory();
        return plan.workloads.stream()
                .filter(workload -> options.wantsWorkload(workload.family()))
                .toList();
    }

    /** The first workload of a family warms up a JVM for the others. */
    private int warmUp(String family) {
        boolean first =
                workloads.stream().noneMatch(workload -> workload.family().equals(family));
        int full = first ? 2000 : 600;
        return quick ? full / 6 : full;
    }

    private void add(String family, String setup, String measure, Predicate<PeerSpec> applies) {
        workloads.add(new Workload(family, setup, measure, rounds, warmUp(family), applies));
    }

    private void dispatch() {
        for (int[] shape : DISPATCH) {
            add("dispatch", "dispatch n=" + shape[0] + " k=" + shape[1], "ms=" + window, HOSTED);
        }
        add("dispatch", "dispatch n=1024 k=1024 us=10", "ms=" + window, HOSTED);
        add("chain", "chain n=64", "ms=" + window, ALL);
    }

    private void wake() {
        int samples = quick ? 50 : 200;
        for (int n : quick ? new int[] {1, 1024} : new int[] {1, 1024, 10_000}) {
            add("wake", "wake n=" + n, "samples=" + samples, ALL);
            add("wake", "wake n=" + n + " apart=1", "samples=" + samples, ALL);
        }
    }

    private void hooks() {
        for (int n : quick ? new int[] {10, 1000, 10_000} : new int[] {10, 100, 1000, 10_000}) {
            add("hook", "hook n=" + n, "ms=" + window, ONE_HOST);
            if (n != 100) {
                add("hook", "hook n=" + n + " awake=1", "ms=" + window, THREAD_SAFE.and(ONE_HOST));
            }
        }
        for (int n : new int[] {10, 1000, 10_000}) {
            add("timer-hook", "timer-hook n=" + n, "ms=" + window, ONE_HOST);
        }
    }

    /** Whole milliseconds: libvirt's hooks know nothing else. */
    private void timers() {
        for (int micros : quick ? new int[] {1000} : new int[] {1000, 10_000}) {
            String samples = "samples=" + Math.min(quick ? 30 : 100, 400_000 / micros);
            add("lateness", "lateness us=" + micros, samples, HOSTED);
            add("lateness", "lateness us=" + micros + " foreign=1", samples, THREAD_SAFE.and(HOSTED));
        }
    }

    /** Five interleaved pairs (quiet, flood) are what the claim is about, so five rounds even in a quick run. */
    private void fairness() {
        String measure = quick ? "samples=100 ms=60" : "samples=500 ms=500";
        for (String setup : List.of("echo n=1024", "echo n=1024 us=10")) {
            workloads.add(new Workload("echo", setup, measure, 5, warmUp("echo"), HOSTED));
        }
    }

    private void memory() {
        workloads.add(new Workload("memory", "memory n=18000 k=100000", "", 1, 0, LINEAR.and(ONE_HOST)));
    }

    private void garbage() {
        Predicate<PeerSpec> bridge = PeerSpec::bridge;
        add("garbage", "garbage dispatch", "ms=" + window, bridge.and(ONE_HOST));
        add("garbage", "garbage hooks", "calls=2000", bridge.and(ONE_HOST));
    }

    /** A window of many times the clock tick in which the JVM learns its CPU time. */
    private void contexts() {
        Predicate<PeerSpec> bridge = PeerSpec::bridge;
        for (int loops : quick ? new int[] {2} : new int[] {1, 2}) {
            for (int n : quick ? new int[] {10} : new int[] {2, 10, 100}) {
                add("contexts", "contexts n=" + n + " loops=" + loops, "ms=200", bridge.and(ONE_HOST));
            }
        }
    }

    private void remote() {
        Predicate<PeerSpec> speaksLibvirt = spec -> !spec.system().equals(PeerSpec.C_EPOLL);
        Predicate<PeerSpec> applies = speaksLibvirt.and(ONE_HOST);
        Predicate<PeerSpec> pair = spec -> spec.bridge() || spec.system().equals(PeerSpec.LIBVIRT_DEFAULT);
        String shape = "n=50 ops=" + (quick ? 400 : 1000);
        workloads.add(new Workload("remote", "remote stream=1 " + shape, "", quick ? 3 : 7, 0, applies.and(pair)));
        workloads.add(new Workload("remote", "remote " + shape, "", quick ? 3 : 7, 0, applies));
        if (!quick) {
            for (int n : new int[] {1, 200, 1000}) {
                workloads.add(new Workload(
                        "remote", "remote n=" + n + " ops=" + Math.min(4000, 40_000 / n), "", 3, 0, applies.and(pair)));
            }
        }
    }
}
