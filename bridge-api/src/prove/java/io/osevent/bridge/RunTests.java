package io.osevent.bridge;

import static org.junit.platform.engine.discovery.ClassNameFilter.excludeClassNamePatterns;
import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs tests up to the first failure.
 *
 * <p>Usage: {@code RunTests PACKAGE INCLUDED EXCLUDED}, the latter two as regular expressions of class names. The system
 * property {@code tests.timeout} bounds each test; {@code tests.storm} lets the collector run all the time.
 */
public final class RunTests {
    private static volatile Object garbage;

    private RunTests() {}

    public static void main(String[] arguments) {
        if (Boolean.getBoolean("tests.storm")) {
            storm();
        }
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectPackage(arguments[0]))
                .filters(includeClassNamePatterns(arguments[1]), excludeClassNamePatterns(arguments[2]))
                .configurationParameter(
                        "junit.jupiter.execution.timeout.default", System.getProperty("tests.timeout", "30 s"))
                .build();
        int[] passed = {0};
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionSkipped(TestIdentifier test, String reason) {
                System.out.println("skipped " + test.getDisplayName() + ": " + reason);
            }

            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    Throwable failure = result.getThrowable().orElseThrow();
                    System.out.println("FAILED " + test.getDisplayName() + ": " + failure);
                    failure.printStackTrace(System.out);
                    Runtime.getRuntime().halt(1);
                } else if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
                    System.out.println("skipped " + test.getDisplayName());
                } else if (test.isTest()) {
                    passed[0]++;
                }
            }
        });
        System.out.println(passed[0] + " tests passed");
        System.exit(passed[0] > 0 ? 0 : 1);
    }

    private static void storm() {
        Thread collector = new Thread(
                () -> {
                    while (true) {
                        garbage = new byte[1 << 16];
                        System.gc();
                    }
                },
                "storm");
        collector.setDaemon(true);
        collector.start();
    }
}
