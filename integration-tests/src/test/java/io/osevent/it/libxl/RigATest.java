package io.osevent.it.libxl;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real libxl and the real xenstored, with the hypervisor's edge simulated: one JVM in a rig of its own for each way
 * of calling libxl and of watching descriptors. Needs Debian 12; elsewhere it is skipped with the reason, but with
 * {@code CI=true} in the environment it fails.
 */
@Timeout(240)
class RigATest {
    @TempDir
    Path directory;

    /** Every recorded hook sequence, closed at every step, and contexts beside each other. */
    @TestFactory
    Stream<DynamicTest> shimOnNativeTransport() throws Exception {
        return RigRun.of(directory, RigA.class, List.of("-Dio.osevent.seam=shim"), "--native-transport");
    }

    @TestFactory
    Stream<DynamicTest> plainJnaOnNio() throws Exception {
        return RigRun.of(directory, RigA.class, List.of("-Dio.osevent.seam=jna"), "scenarios", "extras", "xenstored");
    }

    @TestFactory
    Stream<DynamicTest> leaking() throws Exception {
        return RigRun.of(directory, RigA.class, List.of(), "--native-transport", "leaking");
    }
}
