package io.osevent.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The list against a map that is searched. */
class TimeoutListTest {
    @Test
    void agreesWithAMapUnderRandomChanges() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            TimeoutList list = new TimeoutList();
            Map<TimeoutRegistration, Long> model = new HashMap<>();
            List<TimeoutRegistration> all = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                all.add(new RecordedTimeout(null, "t" + i));
            }
            for (int step = 0; step < 5_000; step++) {
                TimeoutRegistration timeout = all.get(random.nextInt(all.size()));
                if (random.nextInt(3) == 0) {
                    list.disarm(timeout);
                    model.remove(timeout);
                } else {
                    long deadline = random.nextInt(1_000);
                    list.arm(timeout, deadline);
                    model.put(timeout, deadline);
                }
                long least =
                        model.values().stream().mapToLong(Long::longValue).min().orElse(Alarm.NEVER);
                assertEquals(least, list.minimum(), "seed " + seed + " step " + step);
                assertEquals(model.size(), list.size());
            }
            long last = Long.MIN_VALUE;
            for (TimeoutRegistration first = list.first(); first != null; first = list.first()) {
                assertEquals(model.remove(first), list.deadline(first));
                last = Math.max(last, list.minimum());
                assertEquals(last, list.minimum(), "in order");
                list.disarm(first);
            }
            assertEquals(0, model.size());
        }
    }

    @Test
    void whatIsArmedDuringATurnIsDueLater() {
        TimeoutList list = new TimeoutList();
        list.beginTurn(100);
        RecordedTimeout timeout = new RecordedTimeout(null, "t");
        list.arm(timeout, 7);
        assertEquals(101, list.minimum());
        list.disarm(timeout);
        list.disarm(timeout);
        assertNull(list.first());
    }
}
