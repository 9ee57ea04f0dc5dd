package io.osevent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @Test
    void readsNamesAndAddresses() {
        assertEquals(new HostPort("127.0.0.1", 8080), HostPort.parse("127.0.0.1:8080"));
        assertEquals(new HostPort("::1", 0), HostPort.parse("[::1]:0"));
        assertEquals("[::1]:0", HostPort.parse("[::1]:0").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8080", ":8080", "host:", "host:x", "host:65536", "host:-1"})
    void refusesTheRest(String text) {
        assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text));
    }

    @Test
    void knowsLoopback() {
        assertTrue(HostPort.parse("127.0.0.1:1").isLoopback());
        assertTrue(HostPort.parse("[::1]:1").isLoopback());
        assertFalse(HostPort.parse("0.0.0.0:1").isLoopback());
    }
}
