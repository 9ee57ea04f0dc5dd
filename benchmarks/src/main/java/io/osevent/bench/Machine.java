package io.osevent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.libvirt.Library;
import org.libvirt.LibvirtException;

/** What the figures were measured on and with. */
final class Machine {
    private Machine() {}

    static Map<String, String> describe() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("commit", System.getProperty("osevent.bench.commit", "unknown"));
        facts.put("cpu", first(Path.of("/proc/cpuinfo"), "model name\\s*:\\s*(.*)"));
        facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        facts.put("loadAtStart", first(Path.of("/proc/loadavg"), "(\\S+)"));
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("distribution", first(Path.of("/etc/os-release"), "PRETTY_NAME=\"(.*)\""));
        facts.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("vertx", jarVersion("vertx-core"));
        facts.put("netty", jarVersion("netty-transport"));
        facts.put("jna", jarVersion("jna"));
        facts.put("libvirt-java", jarVersion("libvirt"));
        facts.put("libvirt", libvirtVersion());
        return facts;
    }

    private static String first(Path file, String pattern) {
        try {
            Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
            return matcher.find() ? matcher.group(1).trim() : "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String jarVersion(String artifact) {
        Matcher matcher = Pattern.compile("(?:^|[/:])" + Pattern.quote(artifact) + "-([0-9][^/:]*)\\.jar")
                .matcher(System.getProperty("java.class.path"));
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    private static String libvirtVersion() {
        try {
            long version = Library.getVersion();
            return version / 1_000_000 + "." + version / 1000 % 1000 + "." + version % 1000;
        } catch (LibvirtException | UnsatisfiedLinkError e) {
            return "unknown";
        }
    }
}
