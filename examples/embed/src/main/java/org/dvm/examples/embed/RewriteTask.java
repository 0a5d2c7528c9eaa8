package org.dvm.examples.embed;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dvm.core.cache.CachedProcessor;
import org.dvm.core.cache.DiskCache;
import org.dvm.core.jar.RewriteReport;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.dvm.core.jar.Rewriter;
import org.dvm.core.pipeline.ClassProcessor;
import org.dvm.core.pipeline.Services;
import org.dvm.core.repository.ClassRepositories;
import org.jspecify.annotations.Nullable;

/**
 * A build step with setters and {@code execute}, which is all that Ant asks of a task and that a Gradle task calls.
 *
 * <pre>{@code
 * <taskdef name="dvm" classname="org.dvm.examples.embed.RewriteTask" classpathref="dvm.path"/>
 * <dvm in="build/app.jar" out="build/app-audited.jar" services="audit" options="audit.spec=com.acme.**"/>
 * }</pre>
 */
public final class RewriteTask {
    private static final long CACHE_BYTES = 256L << 20;

    private @Nullable File in;
    private @Nullable File out;
    private @Nullable File cache;
    private List<String> services = List.of();
    private String classPath = "";
    private final Map<String, String> options = new HashMap<>();

    /** Makes a task without input. */
    public RewriteTask() {}

    /** Sets the jar, directory or class file to rewrite. */
    public void setIn(File in) {
        this.in = in;
    }

    /** Sets where the output goes. */
    public void setOut(File out) {
        this.out = out;
    }

    /** Sets a directory that keeps results from build to build; without it everything is computed each time. */
    public void setCache(File cache) {
        this.cache = cache;
    }

    /** Sets the services by name, separated by commas. */
    public void setServices(String services) {
        this.services = Arrays.stream(services.split(",")).map(String::strip).toList();
    }

    /** Sets options of services, such as {@code audit.spec=com.acme.**}, separated by semicolons. */
    public void setOptions(String text) {
        for (String option : text.split(";")) {
            int equals = option.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("an option is SERVICE.NAME=VALUE: " + option);
            }
            options.put(
                    option.substring(0, equals).strip(),
                    option.substring(equals + 1).strip());
        }
    }

    /** Sets what else the application is made of, as a class path. */
    public void setClassPath(String classPath) {
        this.classPath = classPath;
    }

    /** Rewrites; throws if anything fails, so that the build stops. */
    public void execute() throws IOException {
        if (in == null || out == null) {
            throw new IllegalArgumentException("the attributes in and out are needed: in=" + in + " out=" + out);
        }
        ClassProcessor processor =
                Services.load(RewriteTask.class.getClassLoader()).pipeline(services, options);
        if (cache != null) {
            processor = CachedProcessor.of(processor, DiskCache.open(cache.toPath(), CACHE_BYTES));
        }
        try (ClassRepositories classes =
                ClassRepositories.of(ClassRepositories.classPath(classPath), ClassRepositories.runningJdk())) {
            RewriteReport report = Rewriter.of(processor)
                    .withClasses(classes)
                    .withJobs(Runtime.getRuntime().availableProcessors())
                    .rewrite(in.toPath(), out.toPath());
            if (report.outcome() == Outcome.FAILED) {
                throw new IOException(
                        "rewriting failed: " + report.allFindings().get(0));
            }
        }
    }
}
