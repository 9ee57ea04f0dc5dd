package io.osevent.it.libvirt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Private mount, PID and network namespaces with {@code libvirtd-rig.sh} as PID 1, driven over its standard input.
 *
 * <p>Whatever way the JVM ends, standard input ends too, PID 1 ends, and the kernel ends everything in the PID
 * namespace, daemons and guests that have left their parents included. (A parent-death signal would not do: it comes
 * when the <em>thread</em> that started the process ends.) {@code --kill-child} covers the death of {@code unshare}.
 */
final class RigNamespace implements AutoCloseable {
    static final List<String> UNSHARE =
            List.of("unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc");

    private static final long ANSWER_SECONDS = 10;
    private static final long END_SECONDS = 10;
    private static final String SCRIPT = "libvirtd-rig.sh";
    private static final String END_OF_OUTPUT = "error the namespace has ended";

    private final Process process;
    private final OutputStream commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private RigNamespace(Process process) {
        this.process = process;
        this.commands = process.getOutputStream();
    }

    /**
     * @param directory the rig's directory, with all that the script lays over the machine's; removed at the end
     * @param log where the script and its tools complain
     */
    static RigNamespace enter(Path directory, Path log) throws IOException, InterruptedException {
        Path script = directory.resolve(SCRIPT);
        try (InputStream in = RigNamespace.class.getResourceAsStream(SCRIPT)) {
            Files.copy(in, script);
        }
        List<String> command = new ArrayList<>(RigRequirements.asRoot());
        command.addAll(UNSHARE);
        command.addAll(List.of("bash", script.toString(), directory.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        RigNamespace namespace = new RigNamespace(process);
        Thread reader = new Thread(namespace::readAnswers, "libvirtd-rig answers");
        reader.setDaemon(true);
        reader.start();
        try {
            namespace.answer("entering the namespace");
        } catch (IOException | InterruptedException | RuntimeException e) {
            namespace.close();
            throw e;
        }
        return namespace;
    }

    /** Starts libvirtd; the answer does not mean that it is ready. Returns its PID in the namespace. */
    long startLibvirtd() throws IOException, InterruptedException {
        return Long.parseLong(command("start"));
    }

    /**
     * @param signal a name such as {@code STOP}
     * @param pid a PID of the namespace
     * @return whether there was such a process
     */
    boolean signal(String signal, long pid) throws IOException, InterruptedException {
        return !command("signal " + signal + " " + pid).equals("gone");
    }

    /** Lets everybody open a pty that was made in the namespace. */
    void share(Path pty) throws IOException, InterruptedException {
        command("share " + pty);
    }

    /** The PID by which the rest of the machine knows a process of the namespace. */
    OptionalLong outerPid(long pid) {
        return process.descendants()
                .mapToLong(ProcessHandle::pid)
                .filter(outer -> innermostPid(outer) == pid)
                .findFirst();
    }

    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException e) {
            // Its reader is gone, which is what closing is for.
        }
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the rig's namespace did not end within " + END_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized String command(String line) throws IOException, InterruptedException {
        commands.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        commands.flush();
        return answer(line);
    }

    /** The answer without its leading {@code ok}. */
    private String answer(String question) throws IOException, InterruptedException {
        String answer = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new IOException("no answer from the rig's namespace within " + ANSWER_SECONDS + " s to: " + question);
        }
        if (answer.startsWith("error ")) {
            throw new IOException("the rig's namespace answered to '" + question + "': " + answer);
        }
        return answer.startsWith("ok") ? answer.substring(2).strip() : answer;
    }

    private void readAnswers() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                answers.add(line);
            }
        } catch (IOException e) {
            answers.add("error " + e.getMessage());
        }
        answers.add(END_OF_OUTPUT);
    }

    /** The last number of the line {@code NSpid:}, or -1 if there is no such process any more. */
    private static long innermostPid(long outer) {
        try (var lines = Files.lines(Path.of("/proc/" + outer + "/status"))) {
            return lines.filter(l -> l.startsWith("NSpid:"))
                    .mapToLong(l -> Long.parseLong(l.substring(l.lastIndexOf('\t') + 1)))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException | UncheckedIOException e) {
            return -1;
        }
    }
}
