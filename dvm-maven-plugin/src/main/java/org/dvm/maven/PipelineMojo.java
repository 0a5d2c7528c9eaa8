package org.dvm.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.artifact.DependencyResolutionRequiredException;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.dvm.core.cache.CachedProcessor;
import org.dvm.core.cache.DiskCache;
import org.dvm.core.finding.Finding;
import org.dvm.core.jar.Rewriter;
import org.dvm.core.pipeline.Services;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.repository.ClassRepositories;
import org.jspecify.annotations.Nullable;

/** What the goals that run a pipeline share: services, class path, cache, findings. */
abstract class PipelineMojo extends AbstractMojo {
    private static final long CACHE_BYTES = 256L << 20;
    private static final int MAX_FINDINGS_LOGGED = 50;

    /** What the goal works on. */
    public enum Target {
        /** The compiled classes of the project, in place. */
        CLASSES,
        /** The packaged archive of the project; bind the goal to the phase {@code package} or a later one. */
        JAR
    }

    @Parameter(defaultValue = "${project}", readonly = true, required = true)
    private @Nullable MavenProject project;

    @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
    private @Nullable MojoExecution execution;

    /**
     * Options of the services, by service and name, such as
     * {@code <options><audit.spec>com.acme.**</audit.spec></options>}.
     */
    @Parameter
    private @Nullable Map<String, String> options;

    /** What to work on: CLASSES or JAR. */
    @Parameter(property = "dvm.target", defaultValue = "CLASSES")
    private Target target = Target.CLASSES;

    /** Threads that rewrite, the calling one counted. */
    @Parameter(property = "dvm.jobs", defaultValue = "1")
    private int jobs = 1;

    /** Skips the goal. */
    @Parameter(property = "dvm.skip", defaultValue = "false")
    private boolean skip;

    @Override
    public final void execute() throws MojoExecutionException, MojoFailureException {
        if (skip) {
            getLog().info("dvm: skipped");
            return;
        }
        Path input = input();
        if (target == Target.CLASSES && !Files.isDirectory(input)) {
            getLog().info("dvm: no classes in " + input);
            return;
        }
        try (ClassRepositories classes = classPath()) {
            run(input, classes);
        } catch (IOException e) {
            throw new MojoExecutionException("dvm: can't process " + input + ": " + e.getMessage(), e);
        }
    }

    /** Does the goal's work. */
    abstract void run(Path input, ClassRepositories classes)
            throws IOException, MojoExecutionException, MojoFailureException;

    final MavenProject project() {
        return set(project);
    }

    final Target target() {
        return target;
    }

    /** Returns the directory for what this execution keeps between builds. */
    final Path workDirectory() {
        return Path.of(
                project().getBuild().getDirectory(), "dvm", set(execution).getExecutionId());
    }

    /**
     * Returns the pipeline of services that are on the plugin's path.
     *
     * @throws MojoExecutionException if there is no such service or an option is wrong
     */
    final TransformPipeline pipeline(List<String> services) throws MojoExecutionException {
        try {
            Map<String, String> given = options == null ? new HashMap<>() : new HashMap<>(options);
            return Services.load(PipelineMojo.class.getClassLoader()).pipeline(services, given);
        } catch (IllegalArgumentException e) {
            throw new MojoExecutionException(
                    "dvm: " + e.getMessage()
                            + ". Services come with dependencies of the plugin, such as org.dvm:dvm-monitor.",
                    e);
        }
    }

    /** Returns a rewriter whose results are kept in the build directory. */
    final Rewriter rewriter(TransformPipeline pipeline, ClassRepositories classes) throws IOException {
        DiskCache cache = DiskCache.open(workDirectory().resolve("cache"), CACHE_BYTES);
        return Rewriter.of(CachedProcessor.of(pipeline, cache))
                .withClasses(classes)
                .withJobs(jobs);
    }

    /** Returns what stands on the class path by name, size and time: whether to look again at all. */
    final String classPathState() throws IOException, MojoExecutionException {
        StringBuilder state = new StringBuilder(System.getProperty("java.home"));
        for (Path entry : classPathEntries()) {
            if (Files.isRegularFile(entry)) {
                state.append('|').append(entry).append(' ').append(Files.size(entry));
                state.append(' ').append(Files.getLastModifiedTime(entry).toMillis());
            } else {
                state.append('|').append(entry);
            }
        }
        return state.toString();
    }

    final void log(List<Finding> findings) {
        findings.stream().limit(MAX_FINDINGS_LOGGED).forEach(finding -> {
            switch (finding.rule().severity()) {
                case ERROR -> getLog().error("dvm: " + finding);
                case WARNING -> getLog().warn("dvm: " + finding);
                case INFO -> getLog().info("dvm: " + finding);
            }
        });
        if (findings.size() > MAX_FINDINGS_LOGGED) {
            getLog().warn("dvm: and " + (findings.size() - MAX_FINDINGS_LOGGED) + " more findings");
        }
    }

    private Path input() throws MojoExecutionException {
        if (target == Target.CLASSES) {
            return Path.of(project().getBuild().getOutputDirectory());
        }
        File file = project().getArtifact().getFile();
        if (file == null || !file.isFile()) {
            throw new MojoExecutionException(
                    "dvm: the project has no packaged archive yet: bind the goal to the phase package, after the plugin that packages");
        }
        return file.toPath();
    }

    private ClassRepositories classPath() throws IOException, MojoExecutionException {
        List<Path> entries = new ArrayList<>(classPathEntries());
        entries.add(0, Path.of(project().getBuild().getOutputDirectory()));
        return ClassRepositories.of(ClassRepositories.classPath(entries), ClassRepositories.runningJdk());
    }

    private List<Path> classPathEntries() throws MojoExecutionException {
        try {
            return project().getCompileClasspathElements().stream()
                    .map(Path::of)
                    .toList();
        } catch (DependencyResolutionRequiredException e) {
            throw new MojoExecutionException("dvm: the project's dependencies aren't resolved: " + e.getMessage(), e);
        }
    }

    /** Returns a parameter that Maven has set. */
    static <T> T set(@Nullable T parameter) {
        if (parameter == null) {
            throw new IllegalStateException("Maven hasn't set a required parameter");
        }
        return parameter;
    }
}
