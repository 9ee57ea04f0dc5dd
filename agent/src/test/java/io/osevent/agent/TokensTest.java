package io.osevent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokensTest {

    private final Tokens tokens = new Tokens(List.of(
            new Tokens.Token("alice", Role.OPERATOR, "alice's secret"),
            new Tokens.Token("bob", Role.VIEWER, "bob's secret")));

    @Test
    void findsWhoseATokenIs() {
        assertEquals("alice", tokens.find("alice's secret").orElseThrow().name());
        assertEquals(Role.VIEWER, tokens.find("bob's secret").orElseThrow().role());
    }

    @Test
    void knowsNoOther() {
        assertTrue(tokens.find("").isEmpty());
        assertTrue(tokens.find("alice's secre").isEmpty());
        assertTrue(tokens.find("alice's secret ").isEmpty());
    }

    @Test
    void sessionsEndWhenClosed() {
        Sessions sessions = new Sessions();
        String id = sessions.open(tokens.find("bob's secret").orElseThrow());
        assertEquals("bob", sessions.find(id).orElseThrow().name());
        assertTrue(sessions.find(id + "0").isEmpty());
        sessions.close(id);
        assertTrue(sessions.find(id).isEmpty());
    }
}
