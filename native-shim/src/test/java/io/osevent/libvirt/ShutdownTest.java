package io.osevent.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.osevent.shim.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    @Test
    void addFailsAtOnceAndTheRestGoesOnWorking() throws Exception {
        assertEquals(
                List.of("add -1 -1", "update []", "remove 0 0", "ff [ff h, ff t]"),
                ChildJvm.run(System.getProperty("java.class.path"), ShutdownMain.class));
    }
}
