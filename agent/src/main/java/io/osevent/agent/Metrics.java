package io.osevent.agent;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.osevent.vertx.LibvirtEventLoop;
import io.osevent.vertx.libvirt.DomainState;
import io.osevent.vertx.libvirt.HostState;
import io.osevent.vertx.libvirt.ManagedHost;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What Prometheus is told. Made when the agent already serves: the library takes its time to load. */
final class Metrics {

    static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Timer> latencies = new ConcurrentHashMap<>();
    private final Set<EventStats.Key> known = ConcurrentHashMap.newKeySet();

    String scrape() {
        return registry.scrape();
    }

    void events(EventStats stats) {
        stats.attach(
                key -> {
                    if (known.add(key)) {
                        eventCounter(stats, key);
                    }
                },
                (key, nanos) ->
                        latencies.computeIfAbsent(key.host(), this::latency).record(Duration.ofNanos(nanos)));
    }

    void loop(String name, LoopLag lag) {
        gauge("osevent.loop.lag", "How late the event loop is", "seconds", lag::seconds, "loop", name);
    }

    void bridge(LibvirtEventLoop loop, BridgeCounters counters) {
        String what = "What libvirt has registered";
        gauge("osevent.bridge.registrations", what, null, () -> loop.stats().fds(), "kind", "fd");
        gauge("osevent.bridge.registrations", what, null, () -> loop.stats().timeouts(), "kind", "timeout");
        gauge(
                "osevent.bridge.unfinished",
                "Registrations whose free callback has not run yet",
                null,
                () -> loop.stats().unfinished());
        counter("osevent.bridge.turns", "Turns of the bridge", counters::turns);
        counter("osevent.bridge.callbacks", "Callbacks made", counters::callbacks);
        counter("osevent.bridge.busy.seconds", "Time spent in turns", counters::busySeconds);
        counter("osevent.bridge.callback.failures", "Callbacks that threw", counters::failures);
        counter("osevent.bridge.stale.tags", "Events for descriptors just removed", counters::staleTags);
        counter("osevent.bridge.rebuilds", "Times the kernel's set was made anew", counters::rebuilds);
        counter(
                "osevent.bridge.rebuilds.put.off",
                "Times that could not be done for want of descriptors",
                counters::rebuildsPutOff);
        counter("osevent.bridge.failed.waits", "Times the kernel could not say what is ready", counters::failedWaits);
        counter(
                "osevent.bridge.refused",
                "Registrations that the kernel refused",
                () -> loop.stats().refused());
        counter(
                "osevent.bridge.detached",
                "Descriptors that turned out to be closed, or another file",
                () -> loop.stats().detached());
        counters.attach(name -> counter(
                "osevent.bridge.slow.callbacks",
                "Callbacks that took too long, by name",
                () -> counters.slow(name),
                "callback",
                name));
    }

    void clock(ClockOffset clock) {
        gauge(
                "osevent.clock.offset",
                "How far the wall clock has been moved since the start",
                "seconds",
                clock::seconds);
    }

    void output(String name, QueuedOutput output) {
        counter(
                "osevent.output.dropped",
                "Lines not printed, for the output was stalled",
                output::dropped,
                "output",
                name);
    }

    void readers(SseHub hub) {
        gauge("osevent.stream.readers", "Readers of the event stream", null, hub::size, "stream", "sse");
    }

    void gauge(String name, String what, String unit, Supplier<Number> value, String... tags) {
        Gauge.builder(name, value).description(what).baseUnit(unit).tags(tags).register(registry);
    }

    void counter(String name, String what, Supplier<Number> value, String... tags) {
        FunctionCounter.builder(name, value, supplier -> supplier.get().doubleValue())
                .description(what)
                .tags(tags)
                .register(registry);
    }

    void host(LocalHost host) {
        ManagedHost managed = host.managed();
        String id = managed.id();
        for (HostState state : HostState.values()) {
            gauge(
                    "osevent.host.state",
                    "1 for the state that the host is in",
                    null,
                    () -> managed.status().state() == state ? 1 : 0,
                    "host",
                    id,
                    "state",
                    state.id());
        }
        for (DomainState state : DomainState.values()) {
            gauge(
                    "osevent.domains",
                    "Domains by state",
                    null,
                    () -> managed.domains().stream()
                            .filter(domain -> domain.state() == state)
                            .count(),
                    "host",
                    id,
                    "state",
                    state.name().toLowerCase(Locale.ROOT));
        }
        counter("osevent.host.reconnects", "Reconnects", () -> Math.max(0, managed.connects() - 1), "host", id);
        counter("osevent.events.dropped", "Events lost in full buffers", managed::dropped, "host", id);
        counter("osevent.listener.slow", "Calls of listeners that took too long", managed::slowCalls, "host", id);
        gauge("osevent.host.probe", "How long the last probe took", "seconds", () -> probe(managed), "host", id);
        if (host.config().isLibxl()) {
            // No daemon waits for a sign of life.
            return;
        }
        gauge(
                "osevent.keepalive.deadline",
                "Silence after which the daemon counts as gone; the loop must lag less",
                "seconds",
                () -> host.config().keepAlive().deadline(),
                "host",
                id);
    }

    void forget(String hostId) {
        for (Meter meter : registry.getMeters()) {
            if (hostId.equals(meter.getId().getTag("host"))) {
                registry.remove(meter);
            }
        }
        latencies.remove(hostId);
        known.removeIf(key -> key.host().equals(hostId));
    }

    private void eventCounter(EventStats stats, EventStats.Key key) {
        counter(
                "osevent.events",
                "Events",
                () -> stats.count(key),
                "host",
                key.host(),
                "kind",
                key.kind(),
                "synthetic",
                Boolean.toString(key.synthetic()));
    }

    private Timer latency(String host) {
        return Timer.builder("osevent.event.latency")
                .description("From libvirt's callback to the handler; libxl does not tell")
                .tag("host", host)
                .serviceLevelObjectives(
                        Duration.ofNanos(50_000),
                        Duration.ofNanos(100_000),
                        Duration.ofNanos(250_000),
                        Duration.ofNanos(500_000),
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1))
                .register(registry);
    }

    private static double probe(ManagedHost managed) {
        return managed.probeMillis() < 0 ? Double.NaN : managed.probeMillis() / 1000.0;
    }
}
