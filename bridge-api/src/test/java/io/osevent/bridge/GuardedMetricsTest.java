package io.osevent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Metrics that throw end neither a turn nor a life cycle. */
class GuardedMetricsTest {
    private final TreeSet<String> thrown = new TreeSet<>();

    private final BridgeMetrics throwing = (BridgeMetrics) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {BridgeMetrics.class}, (proxy, method, arguments) -> {
                thrown.add(method.getName());
                throw new IllegalStateException("from " + method.getName());
            });

    @Test
    void aSlowAndFailingCallbackIsReleasedAllTheSame() {
        SimKernel kernel = new SimKernel();
        SteppedHost host = new SteppedHost(kernel);
        EventSet set = EventSet.open(kernel, TurnLimits.DEFAULT, throwing);
        NativeContext context = NativeContext.permanent(set, "library");
        host.lease(set, () -> {});
        RecordedTimeout timer = new RecordedTimeout(context, "timer", 10_000);
        timer.does(() -> {
            kernel.advance(2 * TurnLimits.DEFAULT.slowNanos());
            throw new IllegalArgumentException("from the callback");
        });
        set.addPeriodic(timer);

        kernel.advance(10_000_000_000L);
        host.settle(5);
        set.remove(timer);
        host.settle(5);

        assertEquals(1, timer.calls());
        assertEquals(0, set.stats().unfinished());
        assertTrue(
                thrown.contains("turnEnded") && thrown.contains("slowCallback") && thrown.contains("callbackFailed"));
    }

    @Test
    void everyMethodIsGuarded() throws ReflectiveOperationException {
        GuardedMetrics guarded = new GuardedMetrics(throwing);
        for (Method method : BridgeMetrics.class.getMethods()) {
            Object[] arguments = new Object[method.getParameterCount()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = sample(method.getParameterTypes()[i]);
            }
            method.invoke(guarded, arguments);
            assertTrue(thrown.contains(method.getName()), method + " does not reach what it guards");
        }
    }

    private static Object sample(Class<?> type) {
        if (type == long.class) {
            return 1L;
        }
        return type == int.class ? (Object) 1 : type == boolean.class ? (Object) true : "name";
    }
}
