package io.osevent.vertx.libxl;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** A domain to be built: the little that a PV or PVH guest needs. HVM is out of scope for now. */
public final class DomainConfig {
    private static final long KIB_PER_MIB = 1024;

    private final DomainType type;
    private final String name;
    private UUID uuid = UUID.randomUUID();
    private int vcpus = 1;
    private long memoryKiB = 64 * KIB_PER_MIB;
    private String kernel = "";
    private String ramdisk = "";
    private String commandLine = "";
    private String bootloader = "";
    private final List<JsonObject> disks = new ArrayList<>();
    private final List<JsonObject> nics = new ArrayList<>();

    private DomainConfig(DomainType type, String name) {
        this.type = type;
        this.name = Objects.requireNonNull(name);
    }

    /**
     * A paravirtualised domain.
     *
     * @param name its name, not used by another domain of this host
     * @return a configuration
     */
    public static DomainConfig pv(String name) {
        return new DomainConfig(DomainType.PV, name);
    }

    /**
     * A paravirtualised domain in a hardware container.
     *
     * @param name its name, not used by another domain of this host
     * @return a configuration
     */
    public static DomainConfig pvh(String name) {
        return new DomainConfig(DomainType.PVH, name);
    }

    /**
     * Its UUID; random unless set.
     *
     * @param value the UUID
     * @return this
     */
    public DomainConfig uuid(UUID value) {
        uuid = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Its processors; one unless set.
     *
     * @param value 1 or more
     * @return this
     */
    public DomainConfig vcpus(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("vcpus must be 1 or more, not " + value);
        }
        vcpus = value;
        return this;
    }

    /**
     * Its memory; 64 MiB unless set.
     *
     * @param value in MiB, 1 or more
     * @return this
     */
    public DomainConfig memoryMiB(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("memory must be 1 MiB or more, not " + value);
        }
        memoryKiB = value * KIB_PER_MIB;
        return this;
    }

    /**
     * Its kernel. Either this or a bootloader is needed.
     *
     * @param path a file on the host
     * @return this
     */
    public DomainConfig kernel(String path) {
        kernel = Objects.requireNonNull(path);
        return this;
    }

    /**
     * Its initial ramdisk.
     *
     * @param path a file on the host; empty for none
     * @return this
     */
    public DomainConfig ramdisk(String path) {
        ramdisk = Objects.requireNonNull(path);
        return this;
    }

    /**
     * Its kernel's command line.
     *
     * @param value the line; empty for none
     * @return this
     */
    public DomainConfig commandLine(String value) {
        commandLine = Objects.requireNonNull(value);
        return this;
    }

    /**
     * A program that finds the kernel on the first disk.
     *
     * @param path such as {@code pygrub}; empty for none
     * @return this
     */
    public DomainConfig bootloader(String path) {
        bootloader = Objects.requireNonNull(path);
        return this;
    }

    /**
     * Adds a disk.
     *
     * @param disk {@code libxl_device_disk}
     * @return this
     */
    public DomainConfig disk(JsonObject disk) {
        disks.add(disk.copy());
        return this;
    }

    /**
     * Adds a network interface.
     *
     * @param nic {@code libxl_device_nic}
     * @return this
     */
    public DomainConfig nic(JsonObject nic) {
        nics.add(nic.copy());
        return this;
    }

    /**
     * The configuration as libxl reads it.
     *
     * @return {@code libxl_domain_config}
     */
    public JsonObject toJson() {
        JsonObject create =
                new JsonObject().put("type", type.json()).put("name", name).put("uuid", uuid.toString());
        JsonObject build = new JsonObject()
                .put("max_vcpus", vcpus)
                .put("max_memkb", memoryKiB)
                .put("target_memkb", memoryKiB)
                .put("type." + type.json(), new JsonObject());
        putIfSet(build, "kernel", kernel);
        putIfSet(build, "ramdisk", ramdisk);
        putIfSet(build, "cmdline", commandLine);
        putIfSet(build, "bootloader", bootloader);
        return new JsonObject()
                .put("c_info", create)
                .put("b_info", build)
                .put("disks", new JsonArray(disks))
                .put("nics", new JsonArray(nics))
                // What to do after the guest has stopped is the user's to decide, who hears of it as an event.
                .put("on_poweroff", "destroy")
                .put("on_reboot", "destroy")
                .put("on_crash", "destroy");
    }

    private static void putIfSet(JsonObject json, String key, String value) {
        if (!value.isEmpty()) {
            json.put(key, value);
        }
    }
}
