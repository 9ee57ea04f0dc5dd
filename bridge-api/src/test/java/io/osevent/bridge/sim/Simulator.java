package io.osevent.bridge.sim;

import java.lang.reflect.Method;
import java.util.List;

/** A {@link Simulation} behind its own class loader; two of them may run at once. */
final class Simulator {
    private final Object simulation;

    Simulator() {
        try {
            simulation = new InterleavingLoader()
                    .loadClass("io.osevent.bridge.sim.Simulation")
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException broken) {
            throw new IllegalStateException(broken);
        }
    }

    String run(long firstSeed, long count, Weakening weakening) {
        return (String) call("run", firstSeed, count, weakening.name());
    }

    @SuppressWarnings("unchecked")
    List<String> replay(long seed, Weakening weakening) {
        return (List<String>) call("replay", seed, weakening.name());
    }

    long fingerprint(long seed) {
        return (Long) call("fingerprint", seed);
    }

    long switches() {
        return (Long) call("switches");
    }

    private Object call(String name, Object... arguments) {
        for (Method method : simulation.getClass().getMethods()) {
            if (method.getName().equals(name)) {
                try {
                    return method.invoke(simulation, arguments);
                } catch (ReflectiveOperationException broken) {
                    throw new IllegalStateException(name, broken);
                }
            }
        }
        throw new IllegalArgumentException(name);
    }
}
