package io.osevent.libxl;

/**
 * The functions of libxl that are called with plain arguments: pointers and {@code libxl_ctx *} are {@code long}s,
 * domain ids {@code int}s. {@code how} is a {@code const libxl_asyncop_how *}, or 0 to block.
 */
final class LibxlFunctions {
    /** {@code LIBXL_VERSION} of libxl.h. */
    static final int VERSION = 0;

    private LibxlFunctions() {}

    // ---- contexts and events

    static native int libxl_ctx_alloc(long contextOut, int version, int flags, long logger);

    static native int libxl_ctx_free(long ctx);

    static native void libxl_osevent_register_hooks(long ctx, long hooks, long user);

    static native void libxl_event_register_callbacks(long ctx, long hooks, long user);

    static native void libxl_childproc_setmode(long ctx, long hooks, long user);

    /** The last argument is a {@code struct timeval} by value, which is passed as the two words that it is made of. */
    static native void libxl_osevent_afterpoll(long ctx, int nfds, long fds, long seconds, long micros);

    static native void libxl_event_free(long ctx, long event);

    static native int libxl_ao_abort(long ctx, long how);

    static native int libxl_evenable_domain_death(long ctx, int domid, long user, long generatorOut);

    static native void libxl_evdisable_domain_death(long ctx, long generator);

    static native int libxl_evenable_disk_eject(long ctx, int domid, String vdev, long user, long generatorOut);

    static native void libxl_evdisable_disk_eject(long ctx, long generator);

    // ---- questions

    static native long libxl_list_domain(long ctx, long countOut);

    static native void libxl_dominfo_list_free(long list, int count);

    static native int libxl_domain_info(long ctx, long info, int domid);

    static native long libxl_domid_to_name(long ctx, int domid);

    static native int libxl_get_physinfo(long ctx, long info);

    static native int libxl_primary_console_get_tty(long ctx, int domid, long pathOut);

    // ---- operations

    static native int libxl_retrieve_domain_configuration(long ctx, int domid, long config, long how);

    static native int libxl_domain_create_new(long ctx, long config, long domidOut, long how, long consoleHow);

    static native int libxl_domain_pause(long ctx, int domid, long how);

    static native int libxl_domain_unpause(long ctx, int domid, long how);

    static native int libxl_domain_shutdown(long ctx, int domid, long how);

    static native int libxl_domain_reboot(long ctx, int domid, long how);

    static native int libxl_domain_destroy(long ctx, int domid, long how);

    static native int libxl_domain_suspend(long ctx, int domid, int fd, int flags, long how);

    static native int libxl_device_disk_add(long ctx, int domid, long disk, long how);

    static native int libxl_device_disk_remove(long ctx, int domid, long disk, long how);

    static native int libxl_device_nic_add(long ctx, int domid, long nic, long how);

    static native int libxl_device_nic_remove(long ctx, int domid, long nic, long how);

    static native int libxl_qemu_monitor_command(long ctx, int domid, long command, long outputOut, long how);
}
