package io.osevent.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A peer in a JVM: the loop that is measured was registered with libvirt by the subclass and runs on its own thread;
 * this thread reads requests and samples. The workloads are those of the C library, except {@code remote}, whose
 * handler is in Java, and {@code garbage}; {@code memory} has rows of the heap beside those of malloc.
 */
class JvmPeer {

    /** By which name the peer's rows go. */
    record Identity(String system, String transport, String seam) {
        JsonObject row(String workload, long n, long k, double value, String unit) {
            return new JsonObject()
                    .put("workload", workload)
                    .put("system", system)
                    .put("transport", transport)
                    .put("seam", seam)
                    .put("n", n)
                    .put("k", k)
                    .put("value", value)
                    .put("unit", unit);
        }
    }

    private final Identity identity;
    private final NativeBench natives;
    private Remote remote;
    private String garbage = "";
    private HeapUse heap;

    JvmPeer(Identity identity) {
        this.identity = identity;
        this.natives = new NativeBench(identity.system(), identity.transport(), identity.seam());
    }

    final Identity identity() {
        return identity;
    }

    final NativeBench natives() {
        return natives;
    }

    /** Answers requests until the input ends; with arguments, one setup, measure, teardown and verify. */
    final void serve(List<String> arguments) throws IOException {
        PrintStream out = System.out;
        if (!arguments.isEmpty()) {
            for (String line : List.of("setup " + String.join(" ", arguments), "measure", "teardown", "verify")) {
                out.print(answer(line));
            }
            return;
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.print(answer(line) + ".\n");
            out.flush();
        }
    }

    private String answer(String line) {
        try {
            return request(line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return error(e);
        } catch (Exception e) {
            return error(e);
        }
    }

    private static String error(Exception e) {
        return new JsonObject().put("error", String.valueOf(e.getMessage())).encode() + "\n";
    }

    /** What the subclass answers otherwise than the C library does; the answer ends with a line feed, or is empty. */
    String request(String line) throws Exception {
        if (line.startsWith("setup ")) {
            return setUp(line);
        }
        if (line.startsWith("measure")) {
            return measure(line);
        }
        if (remote != null && line.startsWith("teardown")) {
            remote.close();
            return "";
        }
        return remote != null || !garbage.isEmpty() ? "" : natives.request(line);
    }

    private String setUp(String line) throws Exception {
        remote = null;
        garbage = "";
        heap = null;
        if (line.startsWith("setup remote")) {
            remote = remote(arguments(line));
            return "";
        }
        if (line.startsWith("setup garbage ")) {
            garbage = line.substring("setup garbage ".length());
            return "";
        }
        if (line.startsWith("setup memory")) {
            return setUpMemory(line);
        }
        return natives.request(line);
    }

    /** What a handler in Java is for the subclass. */
    Remote remote(Map<String, String> arguments) throws Exception {
        return new JavaRemote(
                arguments.get("uri"), Integer.parseInt(arguments.get("n")), Integer.parseInt(arguments.get("ops")));
    }

    /** Twice, so that what the JIT allocates meanwhile is not taken for the registrations'. */
    private String setUpMemory(String line) {
        heap = new HeapUse();
        String refused = natives.request(line);
        if (refused.isEmpty()) {
            natives.request("teardown");
            natives.request("verify");
            refused = natives.request(line);
        }
        heap.registered();
        return refused;
    }

    private String measure(String line) throws InterruptedException {
        if (remote != null) {
            return print(remote.measure(identity));
        }
        if (!garbage.isEmpty()) {
            return print(new Garbage(identity, natives).measure(garbage));
        }
        String rows = natives.request(line);
        return heap == null ? rows : rows + print(heap.rows(identity, rows));
    }

    static String print(List<JsonObject> rows) {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(row.encode()).append('\n'));
        return text.toString();
    }

    static Map<String, String> arguments(String line) {
        Map<String, String> arguments = new HashMap<>();
        for (String word : line.split(" ")) {
            int at = word.indexOf('=');
            if (at > 0) {
                arguments.put(word.substring(0, at), word.substring(at + 1));
            }
        }
        return arguments;
    }
}
