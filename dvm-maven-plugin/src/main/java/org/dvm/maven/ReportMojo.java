package org.dvm.maven;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the goal {@code rewrite} did to the modules of a build, in the log and as a Markdown page: run
 * {@code mvn org.dvm:dvm-maven-plugin:report} after the build.
 */
@Mojo(name = "report", aggregator = true, threadSafe = true)
public final class ReportMojo extends AbstractMojo {
    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    private @Nullable MavenSession session;

    /** Where rewriting reports stand, below each module's build directory. */
    @Parameter(property = "dvm.reports", defaultValue = "dvm/rewrite-report.json")
    private String reports = "dvm/rewrite-report.json";

    /** Is called by Maven. */
    public ReportMojo() {}

    @Override
    public void execute() throws MojoExecutionException {
        MavenSession current = PipelineMojo.set(session);
        List<String> page = new ArrayList<>();
        page.add("# Rewritten classes");
        page.add("");
        page.add("| module | outcome | classes | changed | added | failed | findings |");
        page.add("|---|---|---|---|---|---|---|");
        List<String> findings = new ArrayList<>();
        try {
            for (MavenProject project : current.getProjects()) {
                Path file = Path.of(project.getBuild().getDirectory()).resolve(reports);
                if (Files.exists(file)) {
                    ReportSummary summary = ReportSummary.read(file);
                    page.add(row(project.getArtifactId(), summary));
                    summary.findings().forEach(each -> findings.add("- " + project.getArtifactId() + ": " + each));
                    getLog().info("dvm: " + project.getArtifactId() + ": " + summary);
                }
            }
            finish(current.getTopLevelProject(), page, findings);
        } catch (IOException e) {
            throw new MojoExecutionException("dvm: can't make the report: " + e.getMessage(), e);
        }
    }

    private static String row(String module, ReportSummary summary) {
        return "| " + module + " | " + summary.outcome() + " | " + summary.classesIn() + " | " + summary.changed()
                + " | " + summary.added() + " | " + summary.failed() + " | "
                + summary.findings().size() + " |";
    }

    private void finish(MavenProject top, List<String> page, List<String> findings) throws IOException {
        if (!findings.isEmpty()) {
            page.add("");
            page.add("## Findings");
            page.add("");
            page.addAll(findings);
        }
        Path file = Path.of(top.getBuild().getDirectory(), "dvm", "report.md");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, page, StandardCharsets.UTF_8);
        getLog().info("dvm: the report is in " + file);
    }
}
