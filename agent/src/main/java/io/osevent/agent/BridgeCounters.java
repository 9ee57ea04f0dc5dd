package io.osevent.agent;

import io.osevent.bridge.BridgeMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What the bridge tells about its work on libvirt's behalf. */
final class BridgeCounters implements BridgeMetrics {

    /** Names hold numbers of descriptors and timers: beyond so many, they are counted together. */
    private static final int MOST_NAMES = 50;

    private static final String OTHERS = "others";

    private final LongAdder turns = new LongAdder();
    private final LongAdder callbacks = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder staleTags = new LongAdder();
    private final LongAdder rebuilds = new LongAdder();
    private final LongAdder rebuildsPutOff = new LongAdder();
    private final LongAdder failedWaits = new LongAdder();
    private final Map<String, LongAdder> slow = new ConcurrentHashMap<>();

    private volatile Consumer<String> onNewName = name -> {};

    @Override
    public void turnEnded(long took, int made) {
        turns.increment();
        callbacks.add(made);
        nanos.add(took);
    }

    @Override
    public void slowCallback(String names, long took) {
        String name = slow.containsKey(names) || slow.size() < MOST_NAMES ? names : OTHERS;
        LongAdder count = slow.get(name);
        if (count == null) {
            count = slow.computeIfAbsent(name, ignored -> new LongAdder());
            onNewName.accept(name);
        }
        count.increment();
    }

    @Override
    public void callbackFailed(String name) {
        failures.increment();
    }

    @Override
    public void staleTag() {
        staleTags.increment();
    }

    @Override
    public void rebuilt(boolean done) {
        (done ? rebuilds : rebuildsPutOff).increment();
    }

    @Override
    public void harvestFailed(int errno) {
        failedWaits.increment();
    }

    long turns() {
        return turns.sum();
    }

    long callbacks() {
        return callbacks.sum();
    }

    double busySeconds() {
        return nanos.sum() / 1e9;
    }

    long failures() {
        return failures.sum();
    }

    long staleTags() {
        return staleTags.sum();
    }

    long rebuilds() {
        return rebuilds.sum();
    }

    long rebuildsPutOff() {
        return rebuildsPutOff.sum();
    }

    long failedWaits() {
        return failedWaits.sum();
    }

    long slow(String name) {
        LongAdder count = slow.get(name);
        return count == null ? 0 : count.sum();
    }

    /** Sets who is told of new names of slow callbacks; those already known are told at once. */
    void attach(Consumer<String> newNames) {
        onNewName = newNames;
        slow.keySet().forEach(newNames);
    }
}
