package org.dvm.core.jar;

import static org.dvm.core.testing.TestFilters.filter;

import java.nio.file.Path;
import org.dvm.core.pipeline.TransformPipeline;

/** The main class of a process that rewrites a jar over and over until it is killed. */
final class RewriteLoop {
    private RewriteLoop() {}

    public static void main(String[] arguments) throws Exception {
        Rewriter rewriter = Rewriter.of(TransformPipeline.of(filter(
                "copy",
                (unit, context) -> context.replaceClass(unit.raw().bytes().clone()))));
        while (true) {
            rewriter.rewrite(Path.of(arguments[0]), Path.of(arguments[1]));
            System.out.println("again");
        }
    }
}
