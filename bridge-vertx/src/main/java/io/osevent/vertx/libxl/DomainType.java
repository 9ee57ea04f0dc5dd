package io.osevent.vertx.libxl;

import java.util.Locale;

/** How a domain is virtualised. Of a domain that runs, the hypervisor tells only whether it is PV: PVH is HVM to it. */
public enum DomainType {
    /** Paravirtualised: the guest's kernel knows Xen, and needs no virtualisation in hardware. */
    PV,
    /** Paravirtualised drivers in a hardware container, without a device model. */
    PVH,
    /** A full machine with a device model; such domains can be seen here, but not created. */
    HVM,
    /** What libxl does not know. */
    INVALID;

    /** libxl's own name for it. */
    String json() {
        return name().toLowerCase(Locale.ROOT);
    }

    static DomainType of(String json) {
        for (DomainType type : values()) {
            if (type.json().equals(json)) {
                return type;
            }
        }
        return INVALID;
    }
}
