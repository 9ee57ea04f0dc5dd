package io.osevent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class EventHistoryTest {

    @Test
    void keepsTheLatest() {
        EventHistory history = new EventHistory(3, 100);
        for (int i = 0; i < 5; i++) {
            history.add("", new JsonObject().put("n", i));
        }
        assertEquals(102, history.oldest());
        assertEquals(105, history.next());
        assertEquals("{\"n\":2,\"id\":102}", history.get(102).data());
        assertEquals("{\"n\":4,\"id\":104}", history.get(104).data());
        assertThrows(IllegalArgumentException.class, () -> history.get(101));
        assertThrows(IllegalArgumentException.class, () -> history.get(105));
    }

    @Test
    void framesAreOnes() {
        EventHistory history = new EventHistory(3, 1);
        String frame =
                history.add("host", new JsonObject().put("text", "two\nlines")).toFrame();
        assertEquals("id: 1\nevent: host\ndata: {\"text\":\"two\\nlines\",\"id\":1}\n\n", frame);
    }

    @Test
    void aLaterRunHasHigherNumbers() {
        long before = System.currentTimeMillis() * 1000;
        assertTrue(EventHistory.create(10).next() >= before);
    }
}
