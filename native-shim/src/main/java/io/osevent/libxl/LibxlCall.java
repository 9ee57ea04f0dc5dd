package io.osevent.libxl;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/**
 * One of libxl's operations with its arguments: what it takes in native memory, how it is begun, and what it results in.
 * It can be begun asynchronously ({@link LibxlCtx#begin}) or run to its end ({@link LibxlCtx#run}), any number of times.
 *
 * @param <T> what it results in
 */
public final class LibxlCall<T> {
    /** Flags of {@code libxl_domain_suspend}: none. */
    private static final int NO_FLAGS = 0;

    /** The arguments of one run, in native memory until the operation has completed. */
    interface Prepared<T> {
        /** Calls libxl; how is 0 for a call that blocks. */
        int call(long ctx, long how);

        /** What it resulted in, after success. */
        default T result(long ctx) {
            return null;
        }

        /** The operation has completed, or has not begun. */
        default void release() {}
    }

    interface Preparation<T> {
        Prepared<T> prepare(long ctx);
    }

    private interface ByDomain {
        int call(long ctx, int domid, long how);
    }

    private interface ByDevice {
        int call(long ctx, int domid, long device, long how);
    }

    private final String function;
    private final Preparation<T> preparation;
    private final boolean abortable;

    private LibxlCall(String function, Preparation<T> preparation) {
        this(function, preparation, true);
    }

    private LibxlCall(String function, Preparation<T> preparation, boolean abortable) {
        this.function = function;
        this.preparation = preparation;
        this.abortable = abortable;
    }

    /**
     * The function of libxl that it calls.
     *
     * @return its name
     */
    public String function() {
        return function;
    }

    /**
     * Whether libxl can be asked to cut it short.
     *
     * @return false if libxl itself would not survive that
     */
    public boolean isAbortable() {
        return abortable;
    }

    Prepared<T> prepare(long ctx) {
        return preparation.prepare(ctx);
    }

    @Override
    public String toString() {
        return function;
    }

    // ---- domains ----------------------------------------------------------------------------------------------------

    /**
     * Builds a domain, which is left paused.
     *
     * @param config {@code libxl_domain_config} as JSON
     * @return a call that results in the domain's id
     */
    public static LibxlCall<Integer> domainCreate(String config) {
        return new LibxlCall<>("libxl_domain_create_new", ctx -> new Create(ctx, config));
    }

    /**
     * Reads a domain's configuration, from which it could be built again.
     *
     * @param domid the domain
     * @return a call that results in {@code libxl_domain_config} as JSON
     */
    public static LibxlCall<String> domainConfiguration(int domid) {
        return new LibxlCall<>("libxl_retrieve_domain_configuration", ctx -> new Configuration(domid));
    }

    /**
     * Stops a domain's processors.
     *
     * @param domid the domain
     * @return a call
     */
    public static LibxlCall<Void> domainPause(int domid) {
        return byDomain("libxl_domain_pause", domid, LibxlFunctions::libxl_domain_pause);
    }

    /**
     * Lets a domain's processors run.
     *
     * @param domid the domain
     * @return a call
     */
    public static LibxlCall<Void> domainUnpause(int domid) {
        return byDomain("libxl_domain_unpause", domid, LibxlFunctions::libxl_domain_unpause);
    }

    /**
     * Asks a guest to shut down; completes when it has taken note, or has not for a minute.
     *
     * @param domid the domain
     * @return a call
     */
    public static LibxlCall<Void> domainShutdown(int domid) {
        return byDomain("libxl_domain_shutdown", domid, LibxlFunctions::libxl_domain_shutdown);
    }

    /**
     * Asks a guest to reboot; completes when it has taken note, or has not for a minute.
     *
     * @param domid the domain
     * @return a call
     */
    public static LibxlCall<Void> domainReboot(int domid) {
        return byDomain("libxl_domain_reboot", domid, LibxlFunctions::libxl_domain_reboot);
    }

    /**
     * Ends a domain without asking it, and takes its devices away.
     *
     * @param domid the domain
     * @return a call
     */
    public static LibxlCall<Void> domainDestroy(int domid) {
        return byDomain("libxl_domain_destroy", domid, LibxlFunctions::libxl_domain_destroy);
    }

    /**
     * Suspends a domain and writes its memory to a file. It cannot be aborted: before its helper process runs, libxl 4.17
     * would call a function that is not there yet (check_all_finished in libxl_stream_write.c).
     *
     * @param domid the domain
     * @param fd a file descriptor to write to, which stays open until the call has completed
     * @return a call
     */
    public static LibxlCall<Void> domainSuspend(int domid, int fd) {
        return new LibxlCall<>(
                "libxl_domain_suspend",
                ctx -> (context, how) -> LibxlFunctions.libxl_domain_suspend(context, domid, fd, NO_FLAGS, how),
                false);
    }

    /**
     * Asks the domain's device model something.
     *
     * @param domid the domain
     * @param command a command of QEMU's human monitor
     * @return a call that results in QEMU's answer
     */
    public static LibxlCall<String> monitorCommand(int domid, String command) {
        return new LibxlCall<>("libxl_qemu_monitor_command", ctx -> new Monitor(domid, command));
    }

    // ---- devices ----------------------------------------------------------------------------------------------------

    /**
     * Gives a domain a disk.
     *
     * @param domid the domain
     * @param disk {@code libxl_device_disk} as JSON
     * @return a call
     */
    public static LibxlCall<Void> diskAdd(int domid, String disk) {
        return byDevice(
                "libxl_device_disk_add", domid, IdlType.DEVICE_DISK, disk, LibxlFunctions::libxl_device_disk_add);
    }

    /**
     * Asks a guest to give up a disk.
     *
     * @param domid the domain
     * @param disk {@code libxl_device_disk} as JSON, as it was added
     * @return a call
     */
    public static LibxlCall<Void> diskRemove(int domid, String disk) {
        return byDevice(
                "libxl_device_disk_remove", domid, IdlType.DEVICE_DISK, disk, LibxlFunctions::libxl_device_disk_remove);
    }

    /**
     * Gives a domain a network interface.
     *
     * @param domid the domain
     * @param nic {@code libxl_device_nic} as JSON
     * @return a call
     */
    public static LibxlCall<Void> nicAdd(int domid, String nic) {
        return byDevice("libxl_device_nic_add", domid, IdlType.DEVICE_NIC, nic, LibxlFunctions::libxl_device_nic_add);
    }

    /**
     * Asks a guest to give up a network interface.
     *
     * @param domid the domain
     * @param nic {@code libxl_device_nic} as JSON, as it was added
     * @return a call
     */
    public static LibxlCall<Void> nicRemove(int domid, String nic) {
        return byDevice(
                "libxl_device_nic_remove", domid, IdlType.DEVICE_NIC, nic, LibxlFunctions::libxl_device_nic_remove);
    }

    private static LibxlCall<Void> byDomain(String function, int domid, ByDomain call) {
        return new LibxlCall<>(function, ctx -> (context, how) -> call.call(context, domid, how));
    }

    private static LibxlCall<Void> byDevice(String function, int domid, IdlType type, String json, ByDevice call) {
        return new LibxlCall<>(function, ctx -> new Device(type.allocate().fill(ctx, json), domid, call));
    }

    // ---- arguments --------------------------------------------------------------------------------------------------

    private static final class Create implements Prepared<Integer> {
        private static final int NO_DOMAIN = -1;

        private final IdlType.Block config;
        private final Memory domid = new Memory(Integer.BYTES);

        Create(long ctx, String json) {
            config = IdlType.DOMAIN_CONFIG.allocate().fill(ctx, json);
            domid.setInt(0, NO_DOMAIN);
        }

        @Override
        public int call(long ctx, long how) {
            return LibxlFunctions.libxl_domain_create_new(ctx, config.address(), Pointer.nativeValue(domid), how, 0);
        }

        @Override
        public Integer result(long ctx) {
            return domid.getInt(0);
        }

        @Override
        public void release() {
            config.close();
            domid.close();
        }
    }

    private static final class Configuration implements Prepared<String> {
        private final int domid;
        private final IdlType.Block config = IdlType.DOMAIN_CONFIG.allocate();

        Configuration(int domid) {
            this.domid = domid;
        }

        @Override
        public int call(long ctx, long how) {
            return LibxlFunctions.libxl_retrieve_domain_configuration(ctx, domid, config.address(), how);
        }

        @Override
        public String result(long ctx) {
            return config.toJson(ctx);
        }

        @Override
        public void release() {
            config.close();
        }
    }

    private static final class Monitor implements Prepared<String> {
        private final int domid;
        private final Memory command;
        private final Memory output = new Memory(Long.BYTES);

        Monitor(int domid, String command) {
            this.domid = domid;
            this.command = NativeText.of(command);
            output.clear();
        }

        @Override
        public int call(long ctx, long how) {
            return LibxlFunctions.libxl_qemu_monitor_command(
                    ctx, domid, Pointer.nativeValue(command), Pointer.nativeValue(output), how);
        }

        @Override
        public String result(long ctx) {
            return IdlType.takeString(output.getLong(0));
        }

        @Override
        public void release() {
            command.close();
            output.close();
        }
    }

    private record Device(IdlType.Block device, int domid, ByDevice call) implements Prepared<Void> {
        @Override
        public int call(long ctx, long how) {
            return call.call(ctx, domid, device.address(), how);
        }

        @Override
        public void release() {
            device.close();
        }
    }
}
