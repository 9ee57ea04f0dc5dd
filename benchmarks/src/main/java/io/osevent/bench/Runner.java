package io.osevent.bench;

import io.osevent.bench.PeerProcess.PeerException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs workloads over peers, interleaved: in each round every peer is measured once, in an order that turns from round
 * to round, while all others sleep. What a peer cannot do becomes a gap in the report, never a silent omission.
 */
final class Runner implements AutoCloseable {
    private static final Duration SETUP_BOUND = Duration.ofSeconds(60);
    /** Less than that much faster than before is no longer getting better. */
    private static final double BETTER = 1.05;
    /** So many figures in a row that are no better end a warm-up. */
    private static final int STALE = 2;
    /** A warm-up takes at most so many times what it takes at least. */
    private static final int WARM_UP_BOUND = 6;

    private static final Duration MEASURE_BOUND = Duration.ofSeconds(90);

    private final Options options;
    private final List<PeerSpec> specs;
    private final Results results;
    private final RemoteDaemon daemon;
    private final Map<PeerSpec, PeerProcess> processes = new LinkedHashMap<>();

    Runner(Options options, List<PeerSpec> specs, Results results, RemoteDaemon daemon) {
        this.options = options;
        this.specs = specs;
        this.results = results;
        this.daemon = daemon;
    }

    void run(Workload workload) {
        List<PeerProcess> peers = new ArrayList<>();
        for (PeerSpec spec : specs) {
            if (workload.applies().test(spec)) {
                peers.add(process(spec));
            }
        }
        if (workload.remote()) {
            runRemote(workload, peers);
        } else {
            runLocal(workload, peers);
        }
    }

    /** A peer that died in an earlier workload is started again. */
    private PeerProcess process(PeerSpec spec) {
        PeerProcess running = processes.get(spec);
        if (running == null || !running.alive()) {
            Path logs = options.output();
            running = new PeerProcess(spec, options.nativeDirectory(), logs);
            processes.put(spec, running);
        }
        return running;
    }

    private void runLocal(Workload workload, List<PeerProcess> peers) {
        List<PeerProcess> ready = new ArrayList<>();
        for (PeerProcess peer : peers) {
            attempt(peer, workload, () -> {
                peer.ask("setup " + workload.setup(), SETUP_BOUND);
                warmUp(peer, workload);
                ready.add(peer);
            });
        }
        for (int round = 0; round < workload.rounds(); round++) {
            List<PeerProcess> order = new ArrayList<>(ready);
            Collections.rotate(order, round);
            for (PeerProcess peer : order) {
                int current = round;
                if (!attempt(peer, workload, () -> measure(peer, workload, current))) {
                    ready.remove(peer);
                }
            }
        }
        for (PeerProcess peer : peers) {
            if (!peer.alive()) {
                continue;
            }
            attempt(peer, workload, () -> {
                peer.ask("teardown", SETUP_BOUND);
                peer.ask("verify", MEASURE_BOUND);
            });
        }
    }

    /** A JVM until its figures no longer get better; anything else once, for its caches. */
    private void warmUp(PeerProcess peer, Workload workload) throws PeerException {
        if (workload.rounds() == 1) {
            return;
        }
        long start = System.nanoTime();
        double best = 0;
        int stale = 0;
        do {
            double value = speed(peer.ask("measure " + workload.measure(), MEASURE_BOUND));
            stale = value < best * BETTER ? stale + 1 : 0;
            best = Math.max(best, value);
        } while (peer.spec().managed() && isWarming(stale, start, workload));
    }

    private static boolean isWarming(int stale, long start, Workload workload) {
        long passed = System.nanoTime() - start;
        long least = workload.warmUp() * 1_000_000L;
        return passed < least || stale < STALE && passed < WARM_UP_BOUND * least;
    }

    /** The first row's value, or what is the larger the better for a time. */
    private static double speed(List<JsonObject> rows) {
        if (rows.isEmpty()) {
            return 0;
        }
        double value = rows.get(0).getDouble("value");
        return Summary.isRate(rows.get(0).getString("unit")) ? value : 1 / value;
    }

    private void measure(PeerProcess peer, Workload workload, int round) throws PeerException {
        for (JsonObject row : peer.ask("measure " + workload.measure(), MEASURE_BOUND)) {
            results.add(workload.family(), round, row);
        }
    }

    /**
     * Connections of all peers would receive every event, so here a peer is set up for its own measurement only. Rounds
     * before 0 warm up and are not kept: as many of them as are measured for a JVM, which compiles for some seconds, and
     * one for anything else.
     */
    private void runRemote(Workload workload, List<PeerProcess> peers) {
        if (!daemon.available()) {
            results.addGap("all", workload.setup(), daemon.unavailabilityCause());
            return;
        }
        List<PeerProcess> ready = new ArrayList<>(peers);
        for (int round = -workload.rounds(); round < workload.rounds(); round++) {
            List<PeerProcess> order = new ArrayList<>(ready);
            Collections.rotate(order, round);
            for (PeerProcess peer : order) {
                int current = round;
                if (current < -1 && !peer.spec().managed()) {
                    continue;
                }
                if (!attempt(peer, workload, () -> measureRemote(peer, workload, current))) {
                    ready.remove(peer);
                }
            }
        }
    }

    private void measureRemote(PeerProcess peer, Workload workload, int round) throws PeerException {
        int operations = Integer.parseInt(workload.setup().replaceAll(".* ops=", ""));
        try {
            peer.ask("setup " + workload.setup() + " uri=" + daemon.uri(), SETUP_BOUND);
            peer.send("measure");
            daemon.drive(operations);
            for (JsonObject row : peer.answer("measure", MEASURE_BOUND)) {
                if (round >= 0) {
                    results.add(workload.family(), round, row);
                }
            }
        } finally {
            if (peer.alive()) {
                peer.ask("teardown", SETUP_BOUND);
            }
        }
    }

    private interface Step {
        void run() throws PeerException;
    }

    private boolean attempt(PeerProcess peer, Workload workload, Step step) {
        try {
            step.run();
            return true;
        } catch (PeerException e) {
            results.addGap(peer.spec().label(), workload.setup(), e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        processes.values().forEach(PeerProcess::close);
    }
}
