package io.osevent.it.libvirt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A guest of 16 MiB without an operating system, run by QEMU in software: it boots in about 0.2 s and costs next to no
 * processor time while it waits.
 *
 * <p>The guest prints {@link #BANNER} on its serial console, does what its {@link Variant} says, and from then on
 * echoes whatever is typed on the console, until a command byte is typed: {@link #TYPE_POWER_OFF},
 * {@link #TYPE_REBOOT}, {@link #TYPE_PANIC}. It obeys the power button, so libvirt's shutdown and reboot work. After
 * any reset it prints {@link #BANNER_AGAIN} and waits: the variant's action is done once in the life of a QEMU process.
 *
 * <p>The console is a pty for {@code virDomainOpenConsole}; what the guest prints is also kept in a file,
 * {@link #consoleLog()}, whether or not a console is open. QEMU looks about once a second whether the pty is open, so
 * what is typed first may take that long; what is typed and closed before is lost.
 */
public final class Guest {
    /**
     * What the guest does by itself after its first boot. It is done within a moment, and its events may then come
     * before STARTED (BOOTED) does: where the order matters, create the guest paused and resume it. A panic's CRASHED
     * may come before, after or without SUSPENDED, and STOPPED (CRASHED) follows.
     */
    public enum Variant {
        /** Waits for ever, for console input or the power button. */
        WAIT(BootSector.ACTION_NONE),
        /** Waits, and ignores the power button: a shutdown that never ends. Console commands still work. */
        DEAF(BootSector.ACTION_DEAF),
        /** Powers off through ACPI: SHUTDOWN (detail 1, by the guest), then STOPPED (shutdown). */
        POWER_OFF(BootSector.POWER_OFF),
        /**
         * Resets itself once, then waits. Each reset brings more than one reboot event, as the firmware resets the
         * machine once more.
         */
        REBOOT(BootSector.REBOOT),
        /** Panics through pvpanic: CRASHED (panicked). */
        PANIC(BootSector.PANIC);

        private final int action;

        Variant(int action) {
            this.action = action;
        }
    }

    /** What the guest prints, without the line's end, at its first boot. */
    public static final String BANNER = BootSector.BANNER;
    /** What the guest prints, without the line's end, when it comes up after a reset. */
    public static final String BANNER_AGAIN = BootSector.AGAIN;
    /** Typed on the console, makes the guest power off (Control-D). */
    public static final char TYPE_POWER_OFF = BootSector.POWER_OFF;
    /** Typed on the console, makes the guest reset itself (Control-R). */
    public static final char TYPE_REBOOT = BootSector.REBOOT;
    /** Typed on the console, makes the guest panic (Control-C). */
    public static final char TYPE_PANIC = BootSector.PANIC;

    private static final String EMULATOR = "/usr/bin/qemu-system-x86_64";

    private final String name;
    private final Path image;
    private final Path consoleLog;

    private Guest(String name, Path image, Path consoleLog) {
        this.name = name;
        this.image = image;
        this.consoleLog = consoleLog;
    }

    /**
     * Writes the guest's disk; nothing is defined or started.
     *
     * @param directory where the disk and the console log go; see {@link LibvirtdRig#guest}
     * @param name the domain's name: letters, digits, {@code -}, {@code _} and {@code .}
     * @param variant what the guest does
     * @return the guest
     * @throws IOException if the directory cannot be written
     */
    static Guest create(Path directory, String name, Variant variant) throws IOException {
        if (!name.matches("[A-Za-z0-9_.-]+")) {
            throw new IllegalArgumentException("not a name for a guest of the rig: " + name);
        }
        Path image = directory.resolve(name + ".img");
        Path consoleLog = directory.resolve(name + ".console");
        Files.write(image, BootSector.image(variant.action));
        Files.write(consoleLog, new byte[0]); // made here, so that it stays readable when libvirtd runs as another user
        return new Guest(name, image, consoleLog);
    }

    /**
     * The domain's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Everything that the guest has printed, over all its lives.
     *
     * @return the text, with the guest's CR LF line ends
     * @throws IOException if the log cannot be read
     */
    public String consoleLog() throws IOException {
        return Files.readString(consoleLog, StandardCharsets.US_ASCII);
    }

    /**
     * The domain's description, for {@code virDomainCreateXML} or {@code virDomainDefineXML}. A crashed guest is
     * destroyed by libvirt.
     *
     * @return the XML
     */
    public String xml() {
        return xml("destroy");
    }

    /**
     * The domain's description.
     *
     * @param onCrash libvirt's word for what to do after a crash, such as {@code destroy}, {@code preserve} or
     *     {@code restart}
     * @return the XML
     */
    public String xml(String onCrash) {
        return """
                <domain type='qemu'>
                  <name>%s</name>
                  <memory unit='MiB'>16</memory>
                  <vcpu>1</vcpu>
                  <os>
                    <type arch='x86_64' machine='pc'>hvm</type>
                    <boot dev='hd'/>
                  </os>
                  <features><acpi/></features>
                  <on_poweroff>destroy</on_poweroff>
                  <on_reboot>restart</on_reboot>
                  <on_crash>%s</on_crash>
                  <devices>
                    <emulator>%s</emulator>
                    <disk type='file' device='disk'>
                      <driver name='qemu' type='raw'/>
                      <source file='%s'/>
                      <target dev='hda' bus='ide'/>
                    </disk>
                    <serial type='pty'>
                      <log file='%s' append='on'/>
                    </serial>
                    <console type='pty'/>
                    <panic model='isa'/>
                    <controller type='usb' model='none'/>
                    <memballoon model='none'/>
                  </devices>
                </domain>
                """.formatted(name, onCrash, EMULATOR, image, consoleLog);
    }

    @Override
    public String toString() {
        return "guest " + name;
    }
}
