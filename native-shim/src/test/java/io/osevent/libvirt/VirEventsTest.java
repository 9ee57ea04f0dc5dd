package io.osevent.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.osevent.bridge.Interest;
import org.junit.jupiter.api.Test;

class VirEventsTest {
    @Test
    void eachBitHasItsCounterpart() {
        int[][] pairs = {
            {VirEvents.READABLE, Interest.READABLE},
            {VirEvents.WRITABLE, Interest.WRITABLE},
            {VirEvents.ERROR, Interest.ERROR},
            {VirEvents.HANGUP, Interest.HANGUP}
        };
        for (int subset = 0; subset < 16; subset++) {
            int libvirt = 0;
            int poll = 0;
            for (int i = 0; i < 4; i++) {
                libvirt |= (subset >> i & 1) * pairs[i][0];
                poll |= (subset >> i & 1) * pairs[i][1];
            }
            assertEquals(poll, VirEvents.toInterest(libvirt));
            assertEquals(libvirt, VirEvents.fromInterest(poll));
        }
    }

    @Test
    void whatHasNoCounterpartIsDropped() {
        assertEquals(0, VirEvents.fromInterest(Interest.URGENT | 0x2000));
        assertEquals(0, VirEvents.toInterest(~15));
    }
}
