package org.dvm.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.dvm.core.finding.Severity;
import org.dvm.core.jar.OnFailure;
import org.dvm.core.jar.RewriteReport;
import org.dvm.core.jar.RewriteReport.Counts;
import org.dvm.core.repository.ClassRepositories;

/**
 * Verifies the project's classes, or its packaged archive, with the service named {@code verify}, and fails the build if
 * a class is rejected. Nothing is changed. The service must be on the plugin's path, as with {@code org.dvm:dvm-verifier}.
 */
@Mojo(
        name = "verify",
        defaultPhase = LifecyclePhase.VERIFY,
        requiresDependencyResolution = ResolutionScope.COMPILE,
        threadSafe = true)
public final class VerifyMojo extends PipelineMojo {
    private static final List<String> SERVICES = List.of("verify");

    /** Is called by Maven. */
    public VerifyMojo() {}

    @Override
    void run(Path input, ClassRepositories classes) throws IOException, MojoExecutionException, MojoFailureException {
        Path scratch = workDirectory().resolve("verified");
        Files.createDirectories(workDirectory());
        RewriteReport report;
        try {
            report = rewriter(pipeline(SERVICES), classes)
                    .withOnFailure(OnFailure.LEAVE_OUT)
                    .rewrite(input, scratch);
        } finally {
            delete(scratch);
        }
        log(report.allFindings());
        Counts counts = report.totalCounts();
        long errors = report.allFindings().stream()
                .filter(finding -> finding.rule().severity() == Severity.ERROR)
                .count();
        if (errors > 0) {
            throw new MojoFailureException("dvm: verification found " + errors + " errors in " + counts.classesIn()
                    + " classes; the findings are above");
        }
        getLog().info("dvm: verified " + counts.classesIn() + " classes");
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        }
    }
}
