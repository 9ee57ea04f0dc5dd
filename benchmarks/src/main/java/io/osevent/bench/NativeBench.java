package io.osevent.bench;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The C library with the workloads, for peers that run in a JVM. */
final class NativeBench {
    private static final int ANSWER = 65536;

    /** The functions of bench.h that are called from Java. */
    interface Functions extends Library {
        int bench_bind_libvirt();

        void bench_identity(String system, String transport, String seam);

        void bench_call(Hook hook, long times);

        int bench_eventfd(int i);

        void bench_make_ready(int fd);

        void bench_clear_ready(int fd);

        int bench_request(String line, byte[] answer, long capacity);
    }

    /** A callback of the shape of a hook. */
    interface Hook extends Callback {
        void invoke(int id, int argument);
    }

    private final Functions functions;

    NativeBench(String system, String transport, String seam) {
        Path directory = Path.of(System.getenv().getOrDefault("OSEVENT_BENCH_NATIVE", "."));
        functions = Native.load(directory.resolve("libbenchcb.so").toString(), Functions.class);
        if (functions.bench_bind_libvirt() != 0) {
            throw new IllegalStateException("libvirt.so.0 cannot be loaded");
        }
        functions.bench_identity(system, transport, seam);
    }

    /** Calls back into Java that often, as a foreign library would. */
    void call(Hook hook, long times) {
        functions.bench_call(hook, times);
    }

    /** The i-th eventfd of a pool that lives as long as the process. */
    int eventfd(int i) {
        return functions.bench_eventfd(i);
    }

    /** Makes an eventfd readable until it is made silent again. */
    void ready(int eventfd, boolean readable) {
        if (readable) {
            functions.bench_make_ready(eventfd);
        } else {
            functions.bench_clear_ready(eventfd);
        }
    }

    /** Carries out one request on the calling thread and returns its rows. */
    String request(String line) {
        byte[] answer = new byte[ANSWER];
        functions.bench_request(line, answer, ANSWER);
        int length = 0;
        while (answer[length] != 0) {
            length++;
        }
        return new String(answer, 0, length, StandardCharsets.UTF_8);
    }
}
