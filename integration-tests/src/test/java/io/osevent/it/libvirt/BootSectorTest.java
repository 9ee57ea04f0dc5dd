package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BootSectorTest {
    @Test
    void anImageIsABootableSectorThatCarriesItsAction() {
        byte[] image = BootSector.image(BootSector.REBOOT);

        assertEquals(512, image.length);
        assertEquals(0x55, image[510]);
        assertEquals((byte) 0xAA, image[511]);
        assertEquals(BootSector.REBOOT, image[BootSector.ACTION_OFFSET]);
        assertEquals((byte) 0xFA, image[0], "begins with cli");
    }

    @Test
    void labelsResolveForwardsAndBackwards() {
        byte[] code = new RealModeCode(0x7C00)
                .label("top")
                .jumpShort("jmp end", "end", 0xEB)
                .jumpNear("call top", "top", 0xE8)
                .opAddress("mov si, end", "end", 0xBE)
                .label("end")
                .jumpShort("jmp top", "top", 0xEB)
                .bytes();

        assertArrayEquals(
                new byte[] {(byte) 0xEB, 6, (byte) 0xE8, -5, -1, (byte) 0xBE, 0x08, 0x7C, (byte) 0xEB, -10}, code);
    }

    @Test
    void mistakesInTheTableAreNoticed() {
        RealModeCode missing = new RealModeCode(0).jumpShort("jmp nowhere", "nowhere", 0xEB);
        RealModeCode far = new RealModeCode(0)
                .jumpShort("jmp far", "far", 0xEB)
                .op("nop", new int[200])
                .label("far");
        RealModeCode twice = new RealModeCode(0).label("a");

        assertThrows(IllegalStateException.class, missing::bytes);
        assertThrows(IllegalStateException.class, far::bytes);
        assertThrows(IllegalStateException.class, () -> twice.label("a"));
        assertThrows(IllegalArgumentException.class, () -> twice.op("mov al, 0x100", 0xB0, 0x100));
    }
}
