package org.dvm.client.suite;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests of a published test jar and prints which did not succeed, in order, and how many there are; why, to
 * standard error.
 */
public final class SuiteRunner {
    private SuiteRunner() {}

    public static void main(String[] args) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClasspathRoots(Set.of(Path.of(args[0]))))
                .filters(ClassNameFilter.includeClassNamePatterns(args[1]))
                .build();
        Result result = new Result();
        LauncherFactory.create().execute(request, result);
        result.unsuccessful.forEach(System.out::println);
        System.out.println("tests: " + result.tests);
        System.exit(0); // a suite may leave threads behind
    }

    private static final class Result implements TestExecutionListener {
        private final Set<String> unsuccessful = new TreeSet<>();
        private int tests;

        @Override
        public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
            if (identifier.isTest()) {
                tests++;
            }
            if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                unsuccessful.add(identifier.getUniqueId());
                result.getThrowable()
                        .ifPresent(failure -> System.err.println(identifier.getUniqueId() + ": " + failure));
            }
        }
    }
}
