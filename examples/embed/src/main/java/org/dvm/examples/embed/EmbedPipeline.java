package org.dvm.examples.embed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dvm.core.jar.RewriteReport;
import org.dvm.core.jar.Rewriter;
import org.dvm.core.pipeline.Services;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.repository.ClassRepositories;

/** Rewrites a jar so that it counts the calls of its methods: {@code EmbedPipeline in.jar out.jar}. */
public final class EmbedPipeline {
    private EmbedPipeline() {}

    /** Rewrites one jar into another and says what was done. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(rewrite(Path.of(arguments[0]), Path.of(arguments[1])).toJson());
    }

    static RewriteReport rewrite(Path in, Path out) throws IOException {
        TransformPipeline pipeline =
                Services.load(EmbedPipeline.class.getClassLoader()).pipeline(List.of("profile"), Map.of());
        try (ClassRepositories classes =
                ClassRepositories.of(ClassRepositories.jar(in), ClassRepositories.runningJdk())) {
            return Rewriter.of(pipeline).withClasses(classes).withJobs(2).rewrite(in, out);
        }
    }
}
