package org.dvm.core.jar;

import static org.dvm.core.testing.TestFilters.filter;
import static org.dvm.core.testing.TestFilters.replace;

import java.nio.file.Path;
import java.util.Locale;
import org.dvm.core.pipeline.TransformPipeline;

/**
 * The main class of a process that rewrites a jar or directory over and over until it is killed. Classes with a
 * {@link #MARK} get the number of the round instead.
 */
final class RewriteLoop {
    static final String MARK = "round 000000";

    private static int round;

    private RewriteLoop() {}

    public static void main(String[] arguments) throws Exception {
        Rewriter rewriter = Rewriter.of(TransformPipeline.of(filter(
                "copy",
                (unit, context) -> context.replaceClass(
                        replace(unit.raw().bytes().clone(), MARK, String.format(Locale.ROOT, "round %06d", round))))));
        while (true) {
            round++;
            rewriter.rewrite(Path.of(arguments[0]), Path.of(arguments[1]));
            System.out.println("again");
        }
    }
}
