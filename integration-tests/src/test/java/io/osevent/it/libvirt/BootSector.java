package io.osevent.it.libvirt;

import java.util.Arrays;

/**
 * A guest without an operating system: 512 bytes that the firmware loads at 0x7C00 and runs in real mode.
 *
 * <p>It prints a banner on the first serial port, does once what the byte at {@value #ACTION_OFFSET} says, and then
 * echoes every byte typed on the serial port; some bytes are commands, see {@link Guest}. It halts between interrupts,
 * so an idle guest costs next to no processor time. It switches itself off when the power button is pressed, unless
 * its action is {@link #ACTION_DEAF}.
 *
 * <p>The addresses are those of QEMU's {@code pc} machine with SeaBIOS.
 */
final class BootSector {
    static final int SIZE = 512;
    /** Where the action byte stands: right before the boot signature. */
    static final int ACTION_OFFSET = SIZE - 3;

    /** No action at boot. */
    static final int ACTION_NONE = 0;
    /** No action at boot, and the power button is ignored. */
    static final int ACTION_DEAF = 'd';
    /** Control-C: panic, told to the host through pvpanic. */
    static final int PANIC = 0x03;
    /** Control-D: ACPI power-off. */
    static final int POWER_OFF = 0x04;
    /** Control-R: reset. */
    static final int REBOOT = 0x12;

    static final String BANNER = "osevent guest is up";
    /** Printed instead of doing the action again after a reset. */
    static final String AGAIN = "osevent guest is up again";

    private static final int ORIGIN = 0x7C00;
    /** Real-mode vector of the first serial port's interrupt (IRQ 4). */
    private static final int SERIAL_VECTOR = 0x0C * 4;

    private static final int PIC_COMMAND = 0x20;
    private static final int PIC_MASK = 0x21;
    private static final int CMOS_INDEX = 0x70;
    private static final int CMOS_DATA = 0x71;
    private static final int SERIAL_DATA = 0x3F8;
    private static final int SERIAL_INTERRUPTS = 0x3F9;
    private static final int SERIAL_FIFO = 0x3FA;
    private static final int SERIAL_LINE = 0x3FB;
    private static final int SERIAL_MODEM = 0x3FC;
    private static final int SERIAL_STATUS = 0x3FD;
    private static final int PVPANIC = 0x505;
    private static final int PM_STATUS = 0x600;
    private static final int PM_ENABLE = 0x602;
    private static final int PM_CONTROL = 0x604;
    private static final int RESET_CONTROL = 0xCF9;

    /** A byte of battery-backed memory that nothing else uses; it outlives a reset, and so tells the second boot. */
    private static final int CMOS_BOOTED = 0x7F;

    private static final int BOOTED = 0xA5;

    private BootSector() {}

    /**
     * @param action one of the constants above
     * @return a disk image of one sector
     */
    static byte[] image(int action) {
        byte[] code = code().bytes();
        if (code.length > ACTION_OFFSET) {
            throw new IllegalStateException("boot sector too long: " + code.length);
        }
        byte[] sector = Arrays.copyOf(code, SIZE);
        sector[ACTION_OFFSET] = (byte) action;
        sector[SIZE - 2] = 0x55;
        sector[SIZE - 1] = (byte) 0xAA;
        return sector;
    }

    private static RealModeCode code() {
        RealModeCode c = new RealModeCode(ORIGIN);
        setUp(c);
        firstAction(c);
        serveForEver(c);
        commands(c);
        subroutines(c);
        c.label("banner").text(BANNER + "\r\n");
        c.label("again").text(AGAIN + "\r\n");
        return c;
    }

    private static void setUp(RealModeCode c) {
        c.op("cli", 0xFA)
                .op("xor ax, ax", 0x31, 0xC0)
                .op("mov ds, ax", 0x8E, 0xD8)
                .op("mov ss, ax", 0x8E, 0xD0)
                .op("mov sp, ORIGIN", 0xBC, ORIGIN & 0xFF, ORIGIN >> 8)
                .op("cld", 0xFC);
        c.opAddress("mov word [SERIAL_VECTOR], serial_irq", "serial_irq", 0xC7, 0x06, SERIAL_VECTOR, 0)
                .op("mov word [SERIAL_VECTOR + 2], 0", 0xC7, 0x06, SERIAL_VECTOR + 2, 0, 0, 0);
        c.outByte(SERIAL_LINE, 0x03) // 8 bits, no parity, divisor latch off
                .outByte(SERIAL_FIFO, 0x07) // FIFOs on and emptied
                .outByte(SERIAL_MODEM, 0x0B) // DTR, RTS, and OUT2, which lets the interrupt through
                .outByte(SERIAL_INTERRUPTS, 0x01); // interrupt on received data
        c.op("in al, PIC_MASK", 0xE4, PIC_MASK)
                .op("and al, not (1 << 4)", 0x24, 0xEF)
                .op("out PIC_MASK, al", 0xE6, PIC_MASK);
        loadAction(c);
        c.op("cmp al, ACTION_DEAF", 0x3C, ACTION_DEAF)
                .jumpShort("je hello", "hello", 0x74)
                // Without its enable bit the power button does not even show in the status register.
                .outWord(PM_ENABLE, 0x0100);
    }

    private static void firstAction(RealModeCode c) {
        c.label("hello");
        readBooted(c);
        c.op("cmp al, BOOTED", 0x3C, BOOTED).jumpShort("je rebooted", "rebooted", 0x74);
        c.op("mov al, CMOS_BOOTED", 0xB0, CMOS_BOOTED)
                .op("out CMOS_INDEX, al", 0xE6, CMOS_INDEX)
                .op("mov al, BOOTED", 0xB0, BOOTED)
                .op("out CMOS_DATA, al", 0xE6, CMOS_DATA);
        c.opAddress("mov si, banner", "banner", 0xBE).jumpNear("call print", "print", 0xE8);
        loadAction(c);
        c.jumpNear("call act", "act", 0xE8).jumpShort("jmp serve", "serve", 0xEB);
        c.label("rebooted").opAddress("mov si, again", "again", 0xBE).jumpNear("call print", "print", 0xE8);
    }

    private static void loadAction(RealModeCode c) {
        int address = ORIGIN + ACTION_OFFSET;
        c.op("mov al, [action]", 0xA0, address & 0xFF, address >> 8);
    }

    private static void readBooted(RealModeCode c) {
        c.op("mov al, CMOS_BOOTED", 0xB0, CMOS_BOOTED)
                .op("out CMOS_INDEX, al", 0xE6, CMOS_INDEX)
                .op("in al, CMOS_DATA", 0xE4, CMOS_DATA);
    }

    private static void serveForEver(RealModeCode c) {
        // Interrupts are off while it looks, and `sti` takes effect after `hlt` has begun: no wake-up is lost. The
        // firmware's clock interrupt (18 a second) is what makes it look at the power button.
        c.label("serve")
                .op("cli", 0xFA)
                .op("mov dx, SERIAL_STATUS", 0xBA, SERIAL_STATUS & 0xFF, SERIAL_STATUS >> 8)
                .op("in al, dx", 0xEC)
                .op("test al, 1", 0xA8, 0x01)
                .jumpShort("jnz received", "received", 0x75);
        c.op("mov dx, PM_STATUS", 0xBA, PM_STATUS & 0xFF, PM_STATUS >> 8)
                .op("in ax, dx", 0xED)
                .op("test ah, 1", 0xF6, 0xC4, 0x01)
                .jumpShort("jnz power_off", "power_off", 0x75);
        c.op("sti", 0xFB).op("hlt", 0xF4).jumpShort("jmp serve", "serve", 0xEB);
        c.label("received")
                .op("mov dx, SERIAL_DATA", 0xBA, SERIAL_DATA & 0xFF, SERIAL_DATA >> 8)
                .op("in al, dx", 0xEC)
                .jumpNear("call put", "put", 0xE8)
                .jumpNear("call act", "act", 0xE8)
                .jumpShort("jmp serve", "serve", 0xEB);
    }

    private static void commands(RealModeCode c) {
        c.label("act")
                .op("cmp al, POWER_OFF", 0x3C, POWER_OFF)
                .jumpShort("je power_off", "power_off", 0x74)
                .op("cmp al, REBOOT", 0x3C, REBOOT)
                .jumpShort("je reboot", "reboot", 0x74)
                .op("cmp al, PANIC", 0x3C, PANIC)
                .jumpShort("je panic", "panic", 0x74)
                .op("ret", 0xC3);
        c.label("power_off").outWord(PM_CONTROL, 0x2000).jumpShort("jmp stop", "stop", 0xEB);
        c.label("reboot").outByte(RESET_CONTROL, 0x06).jumpShort("jmp stop", "stop", 0xEB);
        c.label("panic").outByte(PVPANIC, 0x01);
        c.label("stop").op("cli", 0xFA).op("hlt", 0xF4).jumpShort("jmp stop", "stop", 0xEB);
    }

    private static void subroutines(RealModeCode c) {
        c.label("print")
                .op("lodsb", 0xAC)
                .op("test al, al", 0x84, 0xC0)
                .jumpShort("jz printed", "printed", 0x74)
                .jumpNear("call put", "put", 0xE8)
                .jumpShort("jmp print", "print", 0xEB);
        c.label("printed").op("ret", 0xC3);
        c.label("put") // al, once the transmitter has room; keeps al
                .op("mov ah, al", 0x88, 0xC4)
                .op("mov dx, SERIAL_STATUS", 0xBA, SERIAL_STATUS & 0xFF, SERIAL_STATUS >> 8);
        c.label("wait_for_room")
                .op("in al, dx", 0xEC)
                .op("test al, 0x20", 0xA8, 0x20)
                .jumpShort("jz wait_for_room", "wait_for_room", 0x74)
                .op("mov al, ah", 0x88, 0xE0)
                .op("mov dx, SERIAL_DATA", 0xBA, SERIAL_DATA & 0xFF, SERIAL_DATA >> 8)
                .op("out dx, al", 0xEE)
                .op("ret", 0xC3);
        c.label("serial_irq") // only wakes `hlt`; the byte is fetched by the loop
                .op("push ax", 0x50)
                .op("mov al, 0x20", 0xB0, 0x20)
                .op("out PIC_COMMAND, al", 0xE6, PIC_COMMAND)
                .op("pop ax", 0x58)
                .op("iret", 0xCF);
    }
}
