package io.osevent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostConfigTest {

    @ParameterizedTest
    @CsvSource({
        "test:///default, test-default",
        "qemu:///system, qemu-system",
        "qemu+ssh://root@lab.example/system, qemu-ssh-root-lab.example-system"
    })
    void idsComeFromUris(String uri, String id) {
        assertEquals(id, HostConfig.of(uri, false).id());
    }

    @Test
    void whatFollowsTheQuestionMarkTellsHostsApart() {
        assertNotEquals(
                HostConfig.of("qemu+unix:///system?socket=/a", false).id(),
                HostConfig.of("qemu+unix:///system?socket=/b", false).id());
    }

    @Test
    void twiceTheSameGetsANumber() {
        HostConfig one = HostConfig.of("test:///default", false);
        List<HostConfig> distinct = HostConfig.distinct(List.of(one, one, one));
        assertEquals(
                List.of("test-default", "test-default-2", "test-default-3"),
                distinct.stream().map(HostConfig::id).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "default", "/etc/libvirt", "qemu:///sys tem", "libxl:///", "libxl://other/system"})
    void othersAreNoUris(String text) {
        assertThrows(IllegalArgumentException.class, () -> HostConfig.of(text, false));
    }

    @Test
    void onlyTheBuiltInDriverIsATest() {
        assertTrue(HostConfig.of("test:///default", false).isTest());
        // Behind a daemon, others see what is done to it.
        assertFalse(HostConfig.of("test+unix:///default", false).isTest());
        assertFalse(HostConfig.of("qemu:///system", false).isTest());
        assertFalse(HostConfig.of("libxl:///system", false).isTest());
    }
}
