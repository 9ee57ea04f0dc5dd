package io.osevent.agent;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** Starts the agent from the command line. */
public final class Main {

    private static final int CLOSE_SECONDS = 10;
    private static final int DRAIN_MILLIS = 2_000;

    private Main() {}

    /**
     * Runs until it is told to end.
     *
     * @param args the command line
     * @throws InterruptedException if the thread is told to end while it prints
     */
    public static void main(String[] args) throws InterruptedException {
        // All that is printed and logged, by whatever thread: none may wait for a terminal.
        QueuedOutput out = new QueuedOutput(System.out);
        QueuedOutput err = new QueuedOutput(System.err);
        System.setOut(out.printer());
        System.setErr(err.printer());
        int code = run(args, out, err);
        out.drain(DRAIN_MILLIS);
        err.drain(DRAIN_MILLIS);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Returns an exit code other than 0 if it could not start. */
    private static int run(String[] args, QueuedOutput output, QueuedOutput errors) {
        PrintStream out = output.printer();
        PrintStream err = errors.printer();
        try {
            AgentCommand command = new AgentCommand();
            CommandLine line = new CommandLine(command);
            line.parseArgs(args);
            if (command.help()) {
                line.usage(out);
            } else if (command.version()) {
                out.println(Version.text());
            } else if (command.selfTest()) {
                return new SelfTest(out).run() ? 0 : UserError.FAILED;
            } else {
                serve(command.toConfig(), output, errors);
            }
            return 0;
        } catch (CommandLine.ParameterException e) {
            err.println("agent: " + firstLine(e.getMessage()) + " (see --help)");
            return UserError.USAGE;
        } catch (UserError e) {
            err.println("agent: " + e.getMessage());
            return e.exitCode();
        }
    }

    private static void serve(AgentConfig config, QueuedOutput output, QueuedOutput errors) {
        VertxOptions options = new VertxOptions().setPreferNativeTransport(true);
        Vertx vertx = config.cluster().isPresent()
                ? ClusterVertx.start(config.cluster().get(), options).await()
                : Vertx.vertx(options);
        Agent agent = new Agent(config, output, errors);
        try {
            vertx.deployVerticle(agent).await();
        } catch (RuntimeException e) {
            vertx.close().await();
            throw e instanceof UserError
                    ? e
                    : new UserError(UserError.FAILED, "cannot start: " + firstLine(e.getMessage()));
        }
        output.printer().println("agent: serving " + config.url(agent.port()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(vertx, output, errors), "agent-shutdown"));
    }

    private static void close(Vertx vertx, QueuedOutput output, QueuedOutput errors) {
        CountDownLatch done = new CountDownLatch(1);
        vertx.close().onComplete(ignored -> done.countDown());
        try {
            if (!done.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                errors.printer()
                        .println("agent: not all connections closed within " + CLOSE_SECONDS
                                + " s; ending all the same");
            }
            output.drain(DRAIN_MILLIS);
            errors.drain(DRAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String firstLine(String text) {
        return String.valueOf(text).lines().findFirst().orElse("");
    }
}
