package org.dvm.maven;

import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.project.MavenProjectHelper;
import org.dvm.core.jar.OnFailure;
import org.dvm.core.jar.RewriteReport;
import org.dvm.core.jar.RewriteReport.Counts;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.dvm.core.jar.Rewriter;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.repository.ClassRepositories;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the project's classes, or its packaged archive, with services.
 *
 * <p>A build that finds everything as the last one left it does nothing; what was rewritten is never rewritten again,
 * since the originals are kept in the build directory.
 */
@Mojo(
        name = "rewrite",
        defaultPhase = LifecyclePhase.PROCESS_CLASSES,
        requiresDependencyResolution = ResolutionScope.COMPILE,
        threadSafe = true)
public final class RewriteMojo extends PipelineMojo {
    private final MavenProjectHelper projectHelper;

    /** The services to apply, by name, in order. */
    @Parameter(property = "dvm.services", required = true)
    private @Nullable List<String> services;

    /**
     * What becomes of the output if a class fails: NO_OUTPUT fails the build and leaves everything as it was; LEAVE_OUT
     * goes on without the class.
     */
    @Parameter(property = "dvm.onFailure", defaultValue = "NO_OUTPUT")
    private OnFailure onFailure = OnFailure.NO_OUTPUT;

    /** With the target JAR: attaches the output under this classifier rather than replacing the archive. */
    @Parameter(property = "dvm.classifier")
    private @Nullable String classifier;

    /** Where to write what was done, as JSON. */
    @Parameter(property = "dvm.report", defaultValue = "${project.build.directory}/dvm/rewrite-report.json")
    private @Nullable File report;

    /** Is called by Maven. */
    @Inject
    public RewriteMojo(MavenProjectHelper projectHelper) {
        this.projectHelper = projectHelper;
    }

    @Override
    void run(Path input, ClassRepositories classes) throws IOException, MojoExecutionException, MojoFailureException {
        TransformPipeline pipeline = pipeline(set(services));
        String configuration = pipeline.fingerprint() + " " + onFailure + " " + classPathState();
        KeptOriginals kept = KeptOriginals.open(workDirectory(), input, output(input));
        if (kept.isUpToDate(configuration)) {
            getLog().info("dvm: " + input.getFileName() + " is up to date");
        } else {
            rewrite(rewriter(pipeline, classes).withOnFailure(onFailure), kept, configuration);
        }
        if (classifier != null && target() == Target.JAR) {
            projectHelper.attachArtifact(
                    project(), "jar", classifier, output(input).toFile());
        }
    }

    private void rewrite(Rewriter rewriter, KeptOriginals kept, String configuration)
            throws IOException, MojoFailureException {
        kept.collect();
        RewriteReport done = rewriter.rewrite(kept.originals(), kept.rewritten());
        write(done);
        log(done.allFindings());
        if (done.outcome() == Outcome.FAILED) {
            throw new MojoFailureException("dvm: " + done.totalCounts().failed()
                    + " classes failed; nothing was changed. First of the findings: "
                    + done.allFindings().get(0));
        }
        kept.publish(configuration);
        Counts counts = done.totalCounts();
        getLog().info("dvm: " + counts.classesIn() + " classes, " + (counts.changed() + counts.replaced())
                + " changed, " + counts.added() + " added, "
                + done.allFindings().size() + " findings");
    }

    private Path output(Path input) {
        if (classifier == null || target() == Target.CLASSES) {
            return input;
        }
        String name = String.valueOf(input.getFileName());
        int dot = name.lastIndexOf('.');
        return input.resolveSibling(name.substring(0, dot) + "-" + classifier + name.substring(dot));
    }

    private void write(RewriteReport done) throws IOException {
        Path file = set(report).toPath();
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            done.writeJson(out);
        }
    }
}
