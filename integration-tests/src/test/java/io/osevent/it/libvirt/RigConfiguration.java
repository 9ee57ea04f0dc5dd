package io.osevent.it.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lays out a rig's directory: the daemon's configuration, and what the script lays over the machine's directories. */
final class RigConfiguration {
    /** Where the guests' disks and console logs are. */
    static final String GUESTS = "guests";

    /** A unix socket's path has to fit into 108 bytes. */
    private static final int LONGEST_DIRECTORY = 80;

    private static final List<String> DIRECTORIES =
            List.of("etc-libvirt", "var-lib", "var-cache", "var-log", "run", GUESTS);
    /** These are laid over by the rig, so a rig's own directory beneath them would vanish from its own sight. */
    private static final List<String> LAID_OVER = List.of("/etc/libvirt", "/var/lib", "/var/cache", "/var/log", "/run");

    /** QEMU as plain root in the rig's namespaces; libvirt's confinement would need services of the machine. */
    private static final String QEMU_CONF = """
            user = "root"
            group = "root"
            dynamic_ownership = 0
            remember_owner = 0
            security_driver = "none"
            cgroup_controllers = [ ]
            namespaces = [ ]
            stdio_handler = "file"
            seccomp_sandbox = 0
            """;

    /** Debian's libvirtd refuses to start where this user is missing, although nothing runs as it here. */
    private static final String QEMU_USER = "libvirt-qemu";

    private static final String QEMU_USER_ID = "64055";

    private RigConfiguration() {}

    /** Where the daemon logs. */
    static Path logOf(Path directory) {
        return directory.resolve("libvirtd.log");
    }

    static void write(Path directory, Map<String, String> settings) throws IOException {
        Path real = directory.toRealPath();
        if (directory.toString().length() > LONGEST_DIRECTORY) {
            throw new IOException("too long for a unix socket, set java.io.tmpdir to a shorter path: " + directory);
        }
        for (String place : LAID_OVER) {
            if (real.startsWith(place)) {
                throw new IOException("set java.io.tmpdir to a directory that is not below " + place + ": " + real);
            }
        }
        for (String name : DIRECTORIES) {
            Files.createDirectory(directory.resolve(name));
        }
        Files.writeString(directory.resolve("libvirtd.conf"), libvirtdConf(directory, settings));
        Files.writeString(directory.resolve("etc-libvirt/qemu.conf"), QEMU_CONF);
        copyWithUser(directory, "passwd", ":x:" + QEMU_USER_ID + ":" + QEMU_USER_ID + "::/:/usr/sbin/nologin\n");
        copyWithUser(directory, "group", ":x:" + QEMU_USER_ID + ":\n");
    }

    /** Removes what {@link #write} has made. */
    static void remove(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (var paths = Files.walk(directory)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }

    private static String libvirtdConf(Path directory, Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listen_tls", "0");
        all.put("listen_tcp", "0");
        all.put("unix_sock_dir", "\"" + directory + "\"");
        all.put("unix_sock_rw_perms", "\"0777\"");
        all.put("auth_unix_ro", "\"none\"");
        all.put("auth_unix_rw", "\"none\"");
        all.put("max_clients", "5000");
        all.put("max_anonymous_clients", "1000");
        all.put("max_workers", "20");
        all.put("keepalive_interval", "5");
        all.put("keepalive_count", "5");
        all.put("log_outputs", "\"2:file:" + logOf(directory) + "\"");
        all.putAll(settings);
        return all.entrySet().stream()
                .map(e -> e.getKey() + " = " + e.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private static void copyWithUser(Path directory, String name, String line) throws IOException {
        Path machines = Path.of("/etc", name);
        Path copy = directory.resolve(name);
        Files.copy(machines, copy);
        if (Files.readAllLines(machines).stream().noneMatch(l -> l.startsWith(QEMU_USER + ":"))) {
            Files.writeString(copy, QEMU_USER + line, StandardOpenOption.APPEND);
        }
    }
}
