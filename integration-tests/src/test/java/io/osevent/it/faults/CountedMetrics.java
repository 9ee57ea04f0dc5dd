package io.osevent.it.faults;

import io.osevent.bridge.BridgeMetrics;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a bridge tells. */
final class CountedMetrics implements BridgeMetrics {
    final AtomicLong turns = new AtomicLong();
    final AtomicLong failedCallbacks = new AtomicLong();
    final AtomicLong failedHarvests = new AtomicLong();
    final AtomicLong staleTags = new AtomicLong();
    final AtomicLong rebuilds = new AtomicLong();
    final AtomicLong rebuildsPutOff = new AtomicLong();
    final Queue<String> slow = new ConcurrentLinkedQueue<>();

    @Override
    public void turnEnded(long nanos, int callbacks) {
        turns.incrementAndGet();
    }

    @Override
    public void slowCallback(String names, long nanos) {
        slow.add(names);
    }

    @Override
    public void callbackFailed(String name) {
        failedCallbacks.incrementAndGet();
    }

    @Override
    public void harvestFailed(int errno) {
        failedHarvests.incrementAndGet();
    }

    @Override
    public void staleTag() {
        staleTags.incrementAndGet();
    }

    @Override
    public void rebuilt(boolean done) {
        (done ? rebuilds : rebuildsPutOff).incrementAndGet();
    }
}
