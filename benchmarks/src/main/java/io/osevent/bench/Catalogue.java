package io.osevent.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The systems that this machine can measure. */
final class Catalogue {
    /** Debian's own interpreter: python3-libvirt is installed for it and for no other. */
    private static final String PYTHON = "/usr/bin/python3";

    /**
     * A JVM that has been running for some time has touched its heap; one that has just begun pays for the first touch of
     * each page, which the kernel clears.
     */
    private static final List<String> HEAP = List.of("-Xms256m", "-Xmx1g", "-Xmn64m", "-XX:+AlwaysPreTouch");

    private Catalogue() {}

    static List<PeerSpec> of(Options options, Results results) {
        List<PeerSpec> specs = new ArrayList<>();
        addNative(specs, options, results, PeerSpec.C_EPOLL, "epoll", "peer-epoll");
        addNative(specs, options, results, PeerSpec.LIBVIRT_DEFAULT, "glib-poll", "peer-libvirt");
        addNative(specs, options, results, "libvirt-glib", "glib-poll", "peer-libvirt-glib");
        specs.add(new PeerSpec(
                "libvirt-python-asyncio",
                "asyncio",
                "none",
                List.of(
                        PYTHON,
                        options.pythonDirectory().resolve("peer_asyncio.py").toString()),
                false));
        specs.add(new PeerSpec("libvirt-java", "glib-poll", "none", java(LibvirtJavaPeer.class), true));
        List<String> transports =
                options.quick() ? List.of("epoll", "io_uring", "nio") : List.of("epoll", "io_uring", "nio", "thread");
        for (String transport : transports) {
            for (String seam : List.of("shim", "jna")) {
                specs.add(
                        new PeerSpec(PeerSpec.BRIDGE, transport, seam, java(BridgePeer.class, transport, seam), true));
            }
        }
        return specs.stream()
                .filter(spec -> spec.system().equals(PeerSpec.C_EPOLL)
                        || spec.system().equals(PeerSpec.LIBVIRT_DEFAULT)
                        || options.wantsSystem(spec.system()))
                .toList();
    }

    private static void addNative(
            List<PeerSpec> specs, Options options, Results results, String system, String transport, String program) {
        Path path = options.nativeDirectory().resolve(program);
        if (Files.isExecutable(path)) {
            specs.add(new PeerSpec(system, transport, "none", List.of(path.toString()), false));
        } else {
            results.addGap(system, "everything", path + " was not built: its libraries are not installed");
        }
    }

    static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(HEAP);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
