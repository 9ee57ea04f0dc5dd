import java.nio.file.Files;
import java.nio.file.Path;

/** Shows that a JVM runs in dom0: what it prints comes from the machine it runs on. */
final class Hello {
    private Hello() {}

    public static void main(String[] args) throws Exception {
        System.out.println("hello from " + Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
    }
}
