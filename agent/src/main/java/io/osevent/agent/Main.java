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

    private Main() {}

    /**
     * Runs until it is told to end.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        int code = run(args, System.out, System.err);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Returns an exit code other than 0 if it could not start. */
    static int run(String[] args, PrintStream out, PrintStream err) {
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
                serve(command.toConfig(), out, err);
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

    private static void serve(AgentConfig config, PrintStream out, PrintStream err) {
        VertxOptions options = new VertxOptions().setPreferNativeTransport(true);
        Vertx vertx = config.cluster().isPresent()
                ? ClusterVertx.start(config.cluster().get(), options).await()
                : Vertx.vertx(options);
        Agent agent = new Agent(config, out, err);
        try {
            vertx.deployVerticle(agent).await();
        } catch (RuntimeException e) {
            vertx.close().await();
            throw e instanceof UserError
                    ? e
                    : new UserError(UserError.FAILED, "cannot start: " + firstLine(e.getMessage()));
        }
        out.println("agent: serving " + config.url(agent.port()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(vertx, err), "agent-shutdown"));
    }

    private static void close(Vertx vertx, PrintStream err) {
        CountDownLatch done = new CountDownLatch(1);
        vertx.close().onComplete(ignored -> done.countDown());
        try {
            if (!done.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                err.println("agent: not all connections closed within " + CLOSE_SECONDS + " s; ending all the same");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String firstLine(String text) {
        return String.valueOf(text).lines().findFirst().orElse("");
    }
}
