package io.osevent.it.libvirt;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the machine must have for {@link LibvirtdRig}. */
final class RigRequirements {
    private static final List<String> DIRECTORIES = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");
    private static final List<String> PROGRAMS =
            List.of("libvirtd", "qemu-system-x86_64", "bash", "unshare", "mount", "umount");
    private static final long NAMESPACE_TRIAL_SECONDS = 10;

    private RigRequirements() {}

    /**
     * Skips the test, with the reason, if something is missing; with {@code CI=true} in the environment the test
     * fails instead, so that a set-up that broke is not taken for success.
     */
    static void assumeMet() {
        Optional<String> missing = firstMissing();
        if (missing.isEmpty()) {
            return;
        }
        String reason = "no libvirtd rig here: " + missing.get();
        if ("true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        abort(reason);
    }

    /** One line with the way out, or nothing if all is there. */
    static Optional<String> firstMissing() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.of("it needs Linux");
        }
        List<String> missing = PROGRAMS.stream().filter(p -> !installed(p)).toList();
        if (!missing.isEmpty()) {
            return Optional.of(
                    "not installed: " + String.join(", ", missing)
                            + "; on Debian: apt-get install libvirt-clients libvirt-daemon libvirt-daemon-driver-qemu qemu-system-x86");
        }
        if (!Files.isDirectory(Path.of("/etc/libvirt"))) {
            return Optional.of("/etc/libvirt is missing; on Debian: apt-get install libvirt-clients");
        }
        return namespaceTrial();
    }

    /** The command that {@code unshare} must be put behind: nothing as root, otherwise sudo without a password. */
    static List<String> asRoot() {
        return "root".equals(System.getProperty("user.name")) ? List.of() : List.of("sudo", "-n");
    }

    private static boolean installed(String program) {
        return DIRECTORIES.stream().anyMatch(d -> Files.isExecutable(Path.of(d, program)));
    }

    /** Containers often forbid mounts, and a plain user needs sudo: ask by doing. */
    private static Optional<String> namespaceTrial() {
        List<String> command = new ArrayList<>(asRoot());
        command.addAll(RigNamespace.UNSHARE);
        command.add("true");
        try {
            Process trial = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            if (!trial.waitFor(NAMESPACE_TRIAL_SECONDS, TimeUnit.SECONDS)) {
                trial.destroyForcibly();
                return Optional.of("'" + String.join(" ", command) + "' did not end");
            }
            String said = new String(trial.getInputStream().readAllBytes()).strip();
            return trial.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of("it needs root, or sudo without a password, and the right to mount (" + said + ")");
        } catch (IOException e) {
            return Optional.of("it needs root, or sudo without a password (" + e.getMessage() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted while looking for namespaces");
        }
    }
}
