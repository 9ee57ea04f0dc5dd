package io.osevent.it.libxl;

import io.vertx.core.json.JsonObject;

/** Devices as libxl reads them. */
final class Devices {
    /** The drive's number in xenstore. */
    static final int HDC = 5632;

    private Devices() {}

    static String nic() {
        return new JsonObject()
                .put("devid", 0)
                .put("mtu", 1500)
                .put("nictype", "vif")
                .put("script", Rig.bin("hotplug"))
                .put("bridge", "xenbr0")
                .put("mac", "00:16:3e:00:00:01")
                .encode();
    }

    static String disk() {
        return new JsonObject()
                .put("vdev", "hdc")
                .put("pdev_path", "/dev/null")
                .put("script", Rig.bin("hotplug"))
                .put("backend", "phy")
                .put("format", "raw")
                .put("removable", 1)
                .put("is_cdrom", 0)
                .put("readwrite", 1)
                .encode();
    }
}
